//! A merchant and the simulator, talking to each other without a wire between them.

use std::collections::BTreeMap;

use checkout_core::vpa::Vpa;
use phonepe::answer::Started;
use phonepe::autopay::{AuthRequest, Ids};
use phonepe::call::{Account, Call};
use phonepe::callback::Callback;
use phonepe::collect::Collect;
use phonepe::debit::{self, Debit, Version};
use phonepe::report::Report;
use phonepe::simulator::{Action, Delivery, Request, Response, Simulator, Telling};
use phonepe::status::{self, Subject};
use phonepe::vpa::{self, Verdict};

use crate::samples;

pub(crate) const PAGE: &str = "http://127.0.0.1:9";

/// A merchant, and PhonePe.
pub(crate) struct Talk {
    pub(crate) account: Account,
    pub(crate) phonepe: Simulator,
    pub(crate) now_ms: i64,
}

impl Talk {
    pub(crate) fn new() -> Self {
        let account = samples::account("MID12345");
        let payee = "demo.shop@sandbox".to_owned();
        Self {
            phonepe: Simulator::new(account.clone(), PAGE.to_owned(), payee),
            account,
            now_ms: 1_800_000_000_000,
        }
    }

    pub(crate) fn send(&mut self, call: &Call) -> Option<Response> {
        let headers: BTreeMap<String, String> = call
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        let request = Request {
            method: call.method,
            path: &call.path,
            headers,
            body: call.body.as_deref().unwrap_or_default().as_bytes(),
        };
        self.phonepe.handle(self.now_ms, &request)
    }

    pub(crate) fn answer(&mut self, call: &Call) -> Response {
        self.send(call).unwrap()
    }

    pub(crate) fn debit(&mut self, id: &str, version: Version) -> Started {
        let debit = Debit::new("MID12345", id, 100);
        let call = debit
            .call(version, &self.account, &samples::back())
            .unwrap();
        let answer = self.answer(&call);
        let (body, location) = (answer.body.as_bytes(), answer.location.as_deref());
        match version {
            Version::V3 => debit::read_v3(answer.status, location, body, PAGE).unwrap(),
            Version::V4 => debit::read_v4(body, PAGE).unwrap(),
        }
    }

    pub(crate) fn collect(&mut self, id: &str) -> Started {
        let collect = Collect {
            transaction_id: id.to_owned(),
            merchant_id: "MID12345".to_owned(),
            ..samples::collect()
        };
        let call = collect.call(&self.account, &samples::back()).unwrap();
        let answer = self.answer(&call);
        collect.read(answer.body.as_bytes()).unwrap()
    }

    pub(crate) fn auth(&mut self, auth: &AuthRequest) -> Started {
        let call = auth.call(&self.account, &samples::back()).unwrap();
        let answer = self.answer(&call);
        auth.read(answer.body.as_bytes(), PAGE).unwrap()
    }

    pub(crate) fn verify(&mut self, vpa: &str) -> Verdict {
        let asked = Vpa::parse(vpa).unwrap();
        let call = vpa::call(&self.account, &asked);
        let answer = self.answer(&call);
        vpa::read(answer.body.as_bytes(), &asked).unwrap()
    }

    pub(crate) fn status(&mut self, subject: Subject, id: &str) -> Report {
        let call = status::call(&self.account, subject, id).unwrap();
        let answer = self.answer(&call);
        status::read(answer.body.as_bytes()).unwrap()
    }

    pub(crate) fn act(&mut self, id: &str, action: Action) -> bool {
        self.tell(id, action, Telling::default())
    }

    pub(crate) fn tell(&mut self, id: &str, action: Action, telling: Telling) -> bool {
        self.phonepe.act(self.now_ms, id, action, telling)
    }

    /// What the callbacks that are due say; `None` for one that is not PhonePe's.
    pub(crate) fn told(&mut self) -> Vec<Option<Report>> {
        let deliveries = self.phonepe.take_due(self.now_ms);
        let read = |it: &Delivery| {
            let callback = Callback::take(it.body.as_bytes()).unwrap();
            let proven = callback.prove(&self.account.salts, &it.x_verify);
            proven.ok().map(|it| it.report().unwrap())
        };
        deliveries.iter().map(read).collect()
    }
}

pub(crate) fn ids(subscription: &str, id: &str) -> Ids {
    Ids {
        subscription_id: subscription.to_owned(),
        auth_request_id: id.to_owned(),
        ..samples::ids()
    }
}
