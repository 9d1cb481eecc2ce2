-- What a mandate charges now (PhonePe's TRANSACTION); its link names only the ceiling of later charges.
ALTER TABLE orders ADD COLUMN charged_now_paise INTEGER CHECK (charged_now_paise > 0);
