//! What a back end can do wrong. Where an answer is spoilt, it would be one that says `SUCCESS` if
//! it were not: a page that reads it all the same shows a payment that nobody has made.

use super::http::Reply;
use super::order::Answers;
use serde_json::{Value, json};

/// One way to misbehave.
#[derive(Clone, Copy, Debug)]
pub enum Misbehaviour {
    /// HTTP 500, with an answer in it.
    Status500,
    /// A page instead of JSON.
    Html,
    /// JSON that ends too early.
    CutJson,
    /// An answer that ends too early, with the connection.
    CutConnection,
    /// An envelope whose fields have other types.
    WrongEnvelope,
    /// A model whose fields have other types.
    WrongModel,
    /// No byte.
    Empty,
    /// 30 s without an answer.
    Silence,
    /// The connection is reset.
    Reset,
    /// 5 MB.
    Huge,
    /// An envelope whose `status` is 7.
    Status7,
    /// No model.
    ModelNull,
    /// HTTP 429, with how many seconds to wait, and an answer in it.
    TooOften(u32),
    /// An answer with a change made to it; the word names the change.
    Doctored(&'static str, fn(&mut Value)),
}

const HUGE: usize = 5_000_000;

impl Misbehaviour {
    /// All that spoil the answer of any call.
    pub const ALL: [Misbehaviour; 12] = [
        Misbehaviour::Status500,
        Misbehaviour::Html,
        Misbehaviour::CutJson,
        Misbehaviour::CutConnection,
        Misbehaviour::WrongEnvelope,
        Misbehaviour::WrongModel,
        Misbehaviour::Empty,
        Misbehaviour::Silence,
        Misbehaviour::Reset,
        Misbehaviour::Huge,
        Misbehaviour::Status7,
        Misbehaviour::ModelNull,
    ];

    pub(super) fn spoil(self, answers: &Answers) -> Reply {
        let tempting = &answers.tempting;
        let json = |body: String| Reply::of("application/json", 200, body);
        match self {
            Self::Status500 => Reply::of("application/json", 500, tempting.to_string()),
            Self::Html => Reply::of("text/html", 200, html(tempting)),
            Self::CutJson => json(without_end(tempting)),
            Self::CutConnection => Reply::CutOff {
                body: without_end(tempting).into_bytes(),
            },
            Self::WrongEnvelope => Reply::json(&json!({
                "time": "soon", "status": {"code": "0"}, "message": ["SUCCESS"], "model": "SUCCESS",
            })),
            Self::WrongModel => {
                let wrong = json!({
                    "id": ["order"], "status": ["SUCCESS"], "amount": {"rupees": 499},
                    "cardInfo": "nobody", "upiId": 7, "deeplink": false, "successUrl": [],
                    "userPayAmount": null, "discountAmount": [1],
                });
                Reply::json(&with(tempting, "model", wrong))
            }
            Self::Empty => json(String::new()),
            Self::Silence => Reply::Silence,
            Self::Reset => Reply::Reset,
            Self::Huge => {
                let padding = "x".repeat(HUGE);
                Reply::json(&with(tempting, "message", json!(padding)))
            }
            Self::Status7 => {
                let words = json!("The server is tired.");
                Reply::json(&with(&with(tempting, "status", json!(7)), "message", words))
            }
            Self::ModelNull => Reply::json(&with(tempting, "model", Value::Null)),
            Self::TooOften(wait_s) => {
                match Reply::of("application/json", 429, tempting.to_string()) {
                    Reply::Answer {
                        status,
                        headers,
                        body,
                    } => Reply::Answer {
                        status,
                        headers: format!("{headers}Retry-After: {wait_s}\r\n"),
                        body,
                    },
                    other => other,
                }
            }
            Self::Doctored(_, doctor) => {
                let mut answer = answers.right.clone();
                doctor(&mut answer);
                Reply::json(&answer)
            }
        }
    }
}

fn with(answer: &Value, key: &str, value: Value) -> Value {
    let mut answer = answer.clone();
    answer[key] = value;
    answer
}

/// The whole answer but for its last bracket.
fn without_end(answer: &Value) -> String {
    let mut text = answer.to_string();
    text.pop();
    text
}

fn html(answer: &Value) -> String {
    format!("<!doctype html><title>SUCCESS</title><h1>Paid</h1><pre>{answer}</pre>")
}
