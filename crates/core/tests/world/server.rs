//! A back end as the contract describes it, with its own clock.

use checkout_core::checkout::Reply;
use checkout_core::json::Json;
use checkout_core::wire::Call;

use crate::Chance;

/// What happens at the server without the page.
#[derive(Clone, Copy)]
pub(crate) enum Turn {
    /// The money arrives; nothing undoes that.
    Paid,
    /// The bank says no.
    Failed,
}

/// The server's books.
pub(crate) struct Server {
    status: &'static str,
    discount_paise: Option<u64>,
    ahead_ms: i64,
    expires_at_ms: Option<u64>,
    /// Every event that arrived, in order, repeats included.
    pub(crate) events: Vec<String>,
    is_strict: bool,
}

impl Server {
    /// Clocks up to a day apart; a deadline in a third of the histories; some back ends know only
    /// the base contract.
    pub(crate) fn new(chance: &mut Chance) -> Self {
        let day_ms = 86_400_000;
        let ahead_ms =
            i64::try_from(chance.below(2 * day_ms)).unwrap() - i64::try_from(day_ms).unwrap();
        let mut server = Self {
            status: "PENDING",
            discount_paise: None,
            ahead_ms,
            expires_at_ms: None,
            events: Vec::new(),
            is_strict: chance.percent(50),
        };
        if chance.percent(33) {
            server.expires_at_ms = Some(server.time_ms(1_000_000_000) + chance.below(200_000));
        }
        server
    }

    /// What is going to happen here within `for_ms`.
    pub(crate) fn turns(&self, chance: &mut Chance, for_ms: u64) -> Vec<(u64, Turn)> {
        let mut turns = Vec::new();
        if chance.percent(15) {
            turns.push((chance.below(for_ms), Turn::Failed));
        }
        if chance.percent(50) {
            turns.push((chance.below(for_ms), Turn::Paid));
        }
        turns
    }

    /// Forward only, and SUCCESS is final.
    pub(crate) fn take(&mut self, turn: Turn) {
        match turn {
            Turn::Paid => self.status = "SUCCESS",
            Turn::Failed if self.status == "PENDING" => self.status = "FAILED",
            Turn::Failed => {}
        }
    }

    /// Whether the order is paid.
    pub(crate) fn is_paid(&self) -> bool {
        self.status == "SUCCESS"
    }

    /// Answers one call at `now_ms` of the page's clock.
    pub(crate) fn answer(&mut self, chance: &mut Chance, now_ms: u64, call: &Call) -> Reply {
        let time_ms = self.time_ms(now_ms);
        if self.is_strict
            && self.status == "PENDING"
            && self.expires_at_ms.is_some_and(|end| end <= time_ms)
        {
            self.status = "EXPIRED";
        }
        let model = match call {
            Call::Info { .. } | Call::Result => self.order(),
            Call::Discount => self.discount(chance),
            Call::Utr { .. } => object(vec![("id", text("o1")), ("status", text(self.status))]),
            Call::Event { content } => {
                self.events.push(content.clone());
                Json::Null
            }
        };
        let body = object(vec![
            ("time", Json::Number(time_ms.to_string())),
            ("status", text("0")),
            ("message", Json::Null),
            ("model", model),
        ]);
        Reply::Answer {
            http: 200,
            retry_after_ms: None,
            body: Some(body),
        }
    }

    fn time_ms(&self, now_ms: u64) -> u64 {
        now_ms.checked_add_signed(self.ahead_ms).unwrap()
    }

    fn order(&self) -> Json {
        object(vec![
            ("id", text("o1")),
            ("status", text(self.status)),
            ("amount", text("5.00")),
            ("upiId", text("a@b")),
            ("deeplink", text("upi://pay?pa=a@b&am=5.00&mam=5.00")),
            ("successUrl", text("https://shop.example/")),
            (
                "expiresAt",
                self.expires_at_ms
                    .map_or(Json::Null, |at_ms| Json::Number(at_ms.to_string())),
            ),
        ])
    }

    /// Granted once, and the same ever after.
    fn discount(&mut self, chance: &mut Chance) -> Json {
        let off = *self.discount_paise.get_or_insert_with(|| chance.below(4));
        object(vec![
            ("id", text("o1")),
            ("status", text(self.status)),
            ("amount", text("5.00")),
            (
                "userPayAmount",
                text(&format!("{}.{:02}", (500 - off) / 100, (500 - off) % 100)),
            ),
            ("discountAmount", text(&format!("0.{off:02}"))),
        ])
    }
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn object(fields: Vec<(&str, Json)>) -> Json {
    Json::Object(
        fields
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}
