//! `gateway inspect`: a verdict on each line of standard input, one JSON object a line.

use std::io::{self, BufRead, Write};

use checkout_core::apps::App;
use checkout_core::launch;
use checkout_core::link::{Deeplink, Kind, UpiLink};
use checkout_core::mandate::{AmountRule, Mandate};
use checkout_core::money::Paise;
use checkout_core::platform::{Browser, Platform, System};
use serde_json::{Value, json};

use crate::success_url;

/// Reads lines until the end and writes a verdict for each. Bytes that are not UTF-8 are read as
/// replacement characters: no input stops it.
///
/// # Errors
/// Where a line cannot be read or written.
pub fn each_line(
    input: impl BufRead,
    mut output: impl Write,
    verdict: impl Fn(&str) -> Value,
) -> io::Result<()> {
    for line in input.split(b'\n') {
        let line = line?;
        let text = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line));
        writeln!(output, "{}", verdict(&text))?;
    }
    output.flush()
}

/// `inspect amount`: `{"input","ok","paise","display","error"}`.
pub fn amount(input: &str) -> Value {
    match Paise::from_rupees(input) {
        Ok(paise) => json!({
            "input": input, "ok": true, "paise": paise.get(), "display": paise.display(),
            "error": null,
        }),
        Err(error) => json!({
            "input": input, "ok": false, "paise": null, "display": null, "error": error.code(),
        }),
    }
}

/// `inspect redirect`: `{"input","ok","url","error"}`.
pub fn redirect(input: &str, allowed_hosts: &[String]) -> Value {
    match success_url::normalize(input, allowed_hosts) {
        Ok(url) => json!({"input": input, "ok": true, "url": url, "error": null}),
        Err(error) => json!({"input": input, "ok": false, "url": null, "error": error.code()}),
    }
}

/// `inspect link`: what the link says, what is odd about it, and what would open it.
pub fn link(input: &str) -> Value {
    match Deeplink::parse(input) {
        Err(error) => json!({
            "input": input, "ok": false, "error": error.code(), "message": error.to_string(),
        }),
        Ok(Deeplink::Page(_)) => json!({
            "input": input, "ok": true, "kind": "web", "scheme": "https", "payee": null,
            "payeeName": null, "amountPaise": null, "minAmountPaise": null, "editable": false,
            "currency": null, "reference": null, "note": null, "signed": false, "expiresAt": null,
            "mandate": null, "warnings": [], "launch": null,
        }),
        Ok(Deeplink::Upi(link)) => json!({
            "input": input,
            "ok": true,
            "kind": match link.kind() { Kind::Pay => "pay", Kind::Mandate => "mandate" },
            "scheme": link.scheme(),
            "payee": link.payee().as_str(),
            "payeeName": link.payee_name(),
            "amountPaise": link.amount().map(Paise::get),
            "minAmountPaise": link.min_amount().map(Paise::get),
            "editable": link.is_editable(),
            "currency": "INR",
            "reference": link.reference(),
            "note": link.note(),
            "signed": link.is_signed(),
            "expiresAt": link.expires_at_ms(),
            "mandate": link.mandate().map(mandate),
            "warnings": link.warnings(),
            "launch": launches(&link),
        }),
    }
}

fn mandate(mandate: &Mandate) -> Value {
    json!({
        "firstPaise": mandate.first.map(Paise::get),
        "amountPaise": mandate.amount.get(),
        "rule": match mandate.rule { AmountRule::Max => "MAX", AmountRule::Exact => "EXACT" },
        "recurrence": Some(mandate.rhythm.code()).filter(|code| !code.is_empty()),
        "from": mandate.from.map(|day| day.to_string()),
        "until": mandate.until.map(|day| day.to_string()),
        "terms": mandate.words(),
    })
}

/// What opens each app on each kind of phone, without the way back that only a page has; `null`
/// for a link that is not to be launched.
fn launches(link: &UpiLink) -> Value {
    if link.is_for_scanning() {
        return Value::Null;
    }
    let on = |system| {
        let platform = Platform {
            system,
            browser: Browser::Standard,
        };
        let address = |app: App| {
            Some((
                app.id().to_owned(),
                json!(launch::address(link, app, platform, "")?),
            ))
        };
        Value::Object(App::ALL.into_iter().filter_map(address).collect())
    };
    json!({ "android": on(System::Android), "ios": on(System::Ios) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8], verdict: impl Fn(&str) -> Value) -> Vec<Value> {
        let mut output = Vec::new();
        each_line(input, &mut output, verdict).unwrap();
        let text = String::from_utf8(output).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn amounts_are_judged_line_by_line() {
        let verdicts = lines(b"499\r\n1e3\n\n\xff\n100000", amount);
        assert_eq!(
            verdicts[0],
            json!({"input": "499", "ok": true, "paise": 49900, "display": "₹499.00", "error": null})
        );
        assert_eq!(verdicts[1]["error"], "amount-not-rupees");
        assert_eq!(verdicts[2]["ok"], false);
        assert_eq!(verdicts[3]["ok"], false);
        assert_eq!(verdicts[4]["display"], "₹1,00,000.00");
        assert_eq!(verdicts.len(), 5);
    }

    /// The vectors that core's link engine is held to.
    const VECTORS: &str = include_str!("../../core/tests/vectors/links.jsonl");

    #[test]
    fn links_are_told_as_the_vectors_say() {
        let mut wrong = Vec::new();
        for line in VECTORS.lines() {
            let expected: Value = serde_json::from_str(line).unwrap();
            let found = link(expected["input"].as_str().unwrap());
            assert_eq!(
                found["ok"],
                json!(expected.get("error").is_none()),
                "{line}"
            );
            for (key, value) in expected.as_object().unwrap() {
                let told = if key == "terms" {
                    &found["mandate"]["terms"]
                } else {
                    &found[key]
                };
                if told != value {
                    wrong.push(format!("{line}: {key} is {told}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_link_is_told_with_what_opens_it() {
        let told = link("upi://pay?pa=shop@bank&am=5.00&tr=1");
        assert_eq!(
            told["launch"]["android"]["phonepe"],
            "intent://pay?pa=shop@bank&am=5.00&tr=1#Intent;scheme=upi;package=com.phonepe.app;end"
        );
        assert_eq!(
            told["launch"]["ios"]["gpay"],
            "gpay://upi/pay?pa=shop@bank&am=5.00&tr=1"
        );
        assert_eq!(told["launch"]["ios"].get("any"), None);
        assert_eq!(
            link("upi://pay?pa=shop@bank&mode=01&tr=1")["launch"],
            Value::Null
        );
        assert_eq!(link("https://pay.example/")["launch"], Value::Null);
        assert_eq!(
            link("upi://pay")["message"],
            "the link has no '?', write it like upi://pay?pa=shop@bank"
        );
    }
}
