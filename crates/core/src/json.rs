//! A JSON value, read tolerantly.
//!
//! The browser parses (`JSON.parse` costs the page no bytes), and the shell hands the result over
//! as a [`Json`]. The accessors forgive what different back ends do: a number where a string is
//! due, a string where a number is due, `null` or an empty string for nothing.

/// One JSON value. Numbers keep their text, so that an amount is never a float.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as text.
    Number(String),
    /// A string.
    Text(String),
    /// An array. What it holds is of no use to the checkout, but for lists of words.
    List(Vec<Json>),
    /// An object, its fields in order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A field of an object; `None` where there is no such field, or no object.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(fields) => fields
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => None,
        }
    }

    /// A field as text: a string, or a number as it was written. Empty and `null` are nothing.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Json::Text(text) | Json::Number(text) if !text.is_empty() => Some(text),
            Json::Text(_)
            | Json::Number(_)
            | Json::Null
            | Json::Bool(_)
            | Json::List(_)
            | Json::Object(_) => None,
        }
    }

    /// A field as a whole number that is not negative, such as a time in milliseconds.
    pub fn whole(&self, key: &str) -> Option<u64> {
        self.text(key)?.parse().ok()
    }

    /// A field as a list of texts; what is no text in it is passed over.
    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        match self.get(key)? {
            Json::List(items) => Some(
                items
                    .iter()
                    .filter_map(|item| {
                        if let Json::Text(text) = item {
                            Some(text.clone())
                        } else {
                            None
                        }
                    })
                    .collect(),
            ),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Object(_) => None,
        }
    }
}

/// Writes an object of texts, as the requests of the five calls are.
pub fn object(fields: &[(&str, &str)]) -> String {
    let mut json = String::from("{");
    for (place, (key, value)) in fields.iter().enumerate() {
        if place > 0 {
            json.push(',');
        }
        quote(&mut json, key);
        json.push(':');
        quote(&mut json, value);
    }
    json.push('}');
    json
}

fn quote(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\u{0}'..='\u{1f}' => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => json.push(c),
        }
    }
    json.push('"');
}

#[cfg(test)]
impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(value),
            Value::Number(number) => Json::Number(number.to_string()),
            Value::String(text) => Json::Text(text),
            Value::Array(items) => Json::List(items.into_iter().map(Json::from).collect()),
            Value::Object(fields) => Json::Object(
                fields
                    .into_iter()
                    .map(|(key, value)| (key, Json::from(value)))
                    .collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn fields_are_read_tolerantly() {
        let value = Json::from(json!({
            "text": "a", "number": 5, "written": "1700000000000", "empty": "", "nothing": null,
            "flag": true, "list": ["a", 1, "b"], "object": {"inner": "x"}, "negative": -1, "float": 1.5,
        }));
        assert_eq!(value.text("text"), Some("a"));
        assert_eq!(value.text("number"), Some("5"));
        assert_eq!(value.whole("number"), Some(5));
        assert_eq!(value.whole("written"), Some(1_700_000_000_000));
        for key in ["empty", "nothing", "flag", "list", "object", "missing"] {
            assert_eq!(value.text(key), None, "{key}");
        }
        assert_eq!(value.whole("negative"), None);
        assert_eq!(value.whole("float"), None);
        assert_eq!(
            value.texts("list"),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(
            value.get("object").and_then(|inner| inner.text("inner")),
            Some("x")
        );
        assert_eq!(Json::Null.text("text"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_any_reader_reads(key in "[a-z]{1,8}", value in "\\PC*|[\\x00-\\x1f\"\\\\]{0,8}") {
            let written = object(&[(&key, &value), ("id", "1")]);
            let read: serde_json::Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(read, json!({ key: value, "id": "1" }));
        }
    }
}
