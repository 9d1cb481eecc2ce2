//! `gateway inspect`: a verdict on each line of standard input, one JSON object a line.

use std::io::{self, BufRead, Write};

use checkout_core::money::Paise;
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
}
