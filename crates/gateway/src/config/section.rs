//! One table of the configuration file: takes values out, and collects what is wrong.

use toml::{Table, Value};

/// A table and where complaints about it go.
pub(super) struct Section<'p> {
    name: String,
    table: Table,
    problems: &'p mut Vec<String>,
}

impl<'p> Section<'p> {
    pub(super) fn new(name: &str, table: Table, problems: &'p mut Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            table,
            problems,
        }
    }

    /// Puts a value from elsewhere over the file's, if there is one.
    pub(super) fn overlay(&mut self, key: &str, value: Option<String>) {
        if let Some(value) = value {
            self.table.insert(key.to_owned(), Value::String(value));
        }
    }

    /// Notes what is wrong with a key.
    pub(super) fn complain(&mut self, key: &str, what: &str) {
        let name = &self.name;
        self.problems.push(format!("{name}{key}: {what}"));
    }

    /// A text, read by `parse`; `None` where it is absent or bad.
    pub(super) fn parsed<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = match self.table.remove(key)? {
            Value::String(text) => parse(&text),
            _ => Err("write a text in quotes".to_owned()),
        };
        parsed.map_err(|what| self.complain(key, &what)).ok()
    }

    /// As [`Section::parsed`], and its absence is a problem too.
    pub(super) fn required<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        if !self.table.contains_key(key) {
            self.complain(key, "is missing");
        }
        self.parsed(key, parse)
    }

    /// A whole number within bounds.
    pub(super) fn whole(&mut self, key: &str, least: u64, most: u64) -> Option<u64> {
        let value = self.table.remove(key)?;
        let number = value.as_integer().and_then(|n| u64::try_from(n).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.complain(key, &format!("write a whole number from {least} to {most}"));
        }
        number
    }

    /// A list of texts, each read by `parse`.
    pub(super) fn list<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let values = match self.table.remove(key) {
            None => return Vec::new(),
            Some(Value::Array(values)) => values,
            Some(_) => {
                self.complain(key, "write a list of texts, like [\"one\", \"two\"]");
                return Vec::new();
            }
        };
        let mut read = Vec::new();
        for (place, value) in values.iter().enumerate() {
            let parsed = value.as_str().ok_or("write a text in quotes".to_owned());
            match parsed.and_then(&parse) {
                Ok(value) => read.push(value),
                Err(what) => self.complain(&format!("{key}[{place}]"), &what),
            }
        }
        read
    }

    /// A table within.
    pub(super) fn section(&mut self, key: &str) -> Option<Section<'_>> {
        match self.table.remove(key)? {
            Value::Table(table) => {
                let name = format!("{}{key}.", self.name);
                Some(Section::new(&name, table, self.problems))
            }
            _ => {
                self.complain(key, "write a table");
                None
            }
        }
    }

    /// Reads each table of a list of tables.
    pub(super) fn each_section(&mut self, key: &str, mut read: impl FnMut(&mut Section<'_>)) {
        let values = match self.table.remove(key) {
            None => return,
            Some(Value::Array(values)) => values,
            Some(_) => return self.complain(key, &format!("write each as [[{key}]]")),
        };
        for (place, value) in values.into_iter().enumerate() {
            let Value::Table(table) = value else {
                self.complain(key, &format!("write each as [[{key}]]"));
                continue;
            };
            let name = format!("{}{key}[{place}].", self.name);
            let mut section = Section::new(&name, table, self.problems);
            read(&mut section);
            section.finish();
        }
    }

    /// Complains about every key that nobody took: a misspelt one must not pass for absent.
    pub(super) fn finish(self) {
        for key in self.table.keys() {
            self.problems
                .push(format!("{}{key}: there is no such key", self.name));
        }
    }
}
