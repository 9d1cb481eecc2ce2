//! Autopay mandates: what is charged now, what may be charged later, how often and until when.
//!
//! On a mandate's link `am` is the **ceiling** of later charges, and `fam` is what is charged now: a
//! page that shows `am` as "you pay" is wrong.
//!
//! Source: Juspay's table of mandate tags, and links collected from public code.

use crate::money::Paise;
use crate::when::Day;

/// The terms of a mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// What is charged now (`fam`, or the order's word); `None`: nothing.
    pub first: Option<Paise>,
    /// The later charges (`am`).
    pub amount: Paise,
    /// Whether a later charge may be smaller than that (`amrule`).
    pub rule: AmountRule,
    /// How often (`recur`).
    pub rhythm: Rhythm,
    /// The first day (`validitystart`).
    pub from: Option<Day>,
    /// The last day (`validityend`).
    pub until: Option<Day>,
}

/// `amrule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountRule {
    /// Up to the amount.
    Max,
    /// Exactly the amount.
    Exact,
}

/// `recur`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// A single later charge.
    OneTime,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every two weeks.
    Fortnightly,
    /// Every month.
    Monthly,
    /// Every two months.
    BiMonthly,
    /// Every three months.
    Quarterly,
    /// Every six months.
    HalfYearly,
    /// Every year.
    Yearly,
    /// Whenever the merchant asks.
    AsPresented,
    /// The link does not say: PhonePe's links for apps leave the terms to the app.
    Unsaid,
}

impl AmountRule {
    /// Reads `MAX` or `EXACT`; anything else means the wider promise.
    pub fn read(word: Option<&str>) -> Self {
        match word {
            Some(word) if word.eq_ignore_ascii_case("EXACT") => Self::Exact,
            Some(_) | None => Self::Max,
        }
    }
}

impl Rhythm {
    const ALL: [(Rhythm, &str, &str); 11] = [
        (Rhythm::OneTime, "ONETIME", "once"),
        (Rhythm::Daily, "DAILY", "a day"),
        (Rhythm::Weekly, "WEEKLY", "a week"),
        (Rhythm::Fortnightly, "FORTNIGHTLY", "every two weeks"),
        (Rhythm::Monthly, "MONTHLY", "a month"),
        (Rhythm::BiMonthly, "BIMONTHLY", "every two months"),
        (Rhythm::Quarterly, "QUARTERLY", "every three months"),
        (Rhythm::HalfYearly, "HALFYEARLY", "every six months"),
        (Rhythm::Yearly, "YEARLY", "a year"),
        (Rhythm::AsPresented, "ASPRESENTED", "whenever the shop asks"),
        (Rhythm::Unsaid, "", "each time"),
    ];

    /// Reads one of NPCI's words, or none at all; `None` for others.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, code, _)| word.eq_ignore_ascii_case(code))
            .map(|(rhythm, _, _)| *rhythm)
    }

    /// NPCI's word; empty where the link has none.
    pub fn code(self) -> &'static str {
        self.facts().0
    }

    fn words(self) -> &'static str {
        self.facts().1
    }

    fn facts(self) -> (&'static str, &'static str) {
        let found = Self::ALL.iter().find(|(rhythm, _, _)| *rhythm == self);
        found.map_or(("", ""), |(_, code, words)| (*code, *words))
    }
}

impl Mandate {
    /// The terms in words: `₹2.00 now, then up to ₹299.00 a month until 17 Jan 2027`.
    pub fn words(&self) -> String {
        let first = self.first.map_or("Nothing now".to_owned(), |first| {
            format!("{} now", first.display())
        });
        let up_to = match self.rule {
            AmountRule::Max => "up to ",
            AmountRule::Exact => "",
        };
        let until = self
            .until
            .map(|day| format!(" until {day}"))
            .unwrap_or_default();
        format!(
            "{first}, then {up_to}{} {}{until}",
            self.amount.display(),
            self.rhythm.words()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_are_worded() {
        let rupees = |text| Paise::from_rupees(text).unwrap();
        let mut mandate = Mandate {
            first: Some(rupees("2")),
            amount: rupees("299"),
            rule: AmountRule::Max,
            rhythm: Rhythm::Monthly,
            from: None,
            until: Day::from_ddmmyyyy("17012027"),
        };
        assert_eq!(
            mandate.words(),
            "₹2.00 now, then up to ₹299.00 a month until 17 Jan 2027"
        );
        mandate.first = None;
        mandate.rule = AmountRule::Exact;
        mandate.rhythm = Rhythm::HalfYearly;
        mandate.until = None;
        assert_eq!(
            mandate.words(),
            "Nothing now, then ₹299.00 every six months"
        );
    }

    #[test]
    fn npcis_words_are_read_in_any_case() {
        for (rhythm, code, _) in Rhythm::ALL {
            assert_eq!(Rhythm::read(&code.to_lowercase()), Some(rhythm));
            assert_eq!(rhythm.code(), code);
        }
        assert_eq!(Rhythm::read("SOMETIMES"), None);
        assert_eq!(AmountRule::read(Some("exact")), AmountRule::Exact);
        assert_eq!(AmountRule::read(Some("?")), AmountRule::Max);
    }
}
