//! Counting: what test runners print, and the line that `cargo xtask test` ends with.

use crate::problem::Problem;

/// How many tests and checks passed and failed, and which failed.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    passed: u32,
    failed: u32,
    ignored: u32,
    failures: Vec<String>,
    /// Which failure the lines that are being read are about.
    told_of: Option<usize>,
}

/// How many lines a failed test's own words may have where they are said again at the end.
const WORDS_MAX: usize = 12;

impl Tally {
    /// A check, which is one thing that passed or failed.
    pub(crate) fn of_check(outcome: Result<(), Problem>) -> Self {
        let mut tally = Self::default();
        match outcome {
            Ok(()) => tally.passed = 1,
            Err(problem) => tally.fail(problem.to_string()),
        }
        tally
    }

    /// Reads one line of a test run's output.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(summary) = line.strip_prefix("test result: ") {
            for part in summary.split(['.', ';']) {
                self.read_count(part.trim());
            }
        } else if let Some(name) = failed_test(line) {
            self.failures.push(name.to_owned());
        } else if let Some(name) = heading(line) {
            self.told_of = self.failures.iter().position(|failure| failure == name);
        } else if line == "failures:" {
            self.told_of = None;
        } else {
            self.read_words(line);
        }
    }

    /// Reads what a failed test has said.
    fn read_words(&mut self, line: &str) {
        let failure = self.told_of.and_then(|told| self.failures.get_mut(told));
        if let Some(failure) = failure
            && !line.is_empty()
            && failure.lines().count() <= WORDS_MAX
        {
            failure.push_str("\n    ");
            failure.push_str(line);
        }
    }

    fn read_count(&mut self, part: &str) {
        let Some((number, word)) = part.split_once(' ') else {
            return;
        };
        let Ok(number) = number.parse::<u32>() else {
            return;
        };
        match word {
            "passed" => self.passed += number,
            "failed" => self.failed += number,
            "ignored" => self.ignored += number,
            _ => (),
        }
    }

    /// Closes a test run. A run that failed without a failed test counts as one failure, and so
    /// do a run without any test and a run that ignored some: both would hide what they lack.
    pub(crate) fn close(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.fail("did not get to its end, see above");
        } else if self.passed + self.failed == 0 {
            self.fail("ran no test");
        }
        if self.ignored > 0 {
            self.fail(format!("{} ignored: run them or remove them", self.ignored));
        }
        self
    }

    /// Adds another tally; its failures get the name of where they happened.
    pub(crate) fn add(&mut self, place: &str, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        let failures = other.failures.into_iter();
        self.failures
            .extend(failures.map(|failure| format!("{place}: {failure}")));
    }

    /// Whether nothing failed.
    pub(crate) fn is_good(&self) -> bool {
        self.failed == 0
    }

    /// What failed, one entry each.
    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// `12 passed, 0 failed`.
    pub(crate) fn line(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }

    fn fail(&mut self, why: impl Into<String>) {
        self.failed += 1;
        self.failures.push(why.into());
    }
}

/// The name in `test NAME ... FAILED` (cargo) or `test NAME ... FAIL` (in the browser).
fn failed_test(line: &str) -> Option<&str> {
    let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    matches!(outcome, "FAILED" | "FAIL").then_some(name)
}

/// The name in `---- NAME stdout ----` (cargo) or `---- NAME output ----` (in the browser), under which
/// a test's words stand.
fn heading(line: &str) -> Option<&str> {
    let (name, _) = line
        .strip_prefix("---- ")?
        .strip_suffix(" ----")?
        .rsplit_once(' ')?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &str = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.52s";

    fn read(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            tally.read(line);
        }
        tally
    }

    #[test]
    fn summaries_add_up() {
        let tally = read(&["running 12 tests", "test a::b ... ok", OK, OK]).close(true);
        assert_eq!(tally.line(), "24 passed, 0 failed");
        assert!(tally.is_good());
    }

    #[test]
    fn failures_are_named() {
        let tally = read(&[
            "test money::zero ... FAILED",
            "test in::browser ... FAIL",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured",
        ])
        .close(false);
        assert_eq!(tally.line(), "3 passed, 2 failed");
        assert_eq!(tally.failures(), ["money::zero", "in::browser"]);
    }

    #[test]
    fn failures_keep_their_words() {
        let long = vec!["and so on"; 40];
        let mut lines = vec![
            "test money::zero ... FAILED",
            "test a::b ... ok",
            "test story ... FAILED",
            "",
            "failures:",
            "",
            "---- money::zero stdout ----",
            "",
            "thread 'money::zero' panicked at money.rs:7:9:",
            "0 is not 1",
            "",
            "---- story stdout ----",
            "Error: the payer sees nothing",
        ];
        lines.extend(long);
        lines.extend(["", "failures:", "    money::zero", "    story"]);
        let tally = read(&lines);
        let [zero, story] = tally.failures() else {
            panic!("{tally:?}");
        };
        assert_eq!(
            zero,
            "money::zero\n    thread 'money::zero' panicked at money.rs:7:9:\n    0 is not 1"
        );
        assert!(story.starts_with("story\n    Error: the payer sees nothing\n    and so on"));
        assert_eq!(story.lines().count(), 1 + WORDS_MAX);
    }

    #[test]
    fn a_run_that_stops_early_is_a_failure() {
        assert_eq!(read(&[OK]).close(false).line(), "12 passed, 1 failed");
    }

    #[test]
    fn a_run_without_tests_is_a_failure() {
        assert_eq!(read(&[]).close(true).line(), "0 passed, 1 failed");
        assert_eq!(read(&[]).close(false).line(), "0 passed, 1 failed");
    }

    #[test]
    fn an_ignored_test_is_a_failure() {
        let tally = read(&["test result: ok. 5 passed; 0 failed; 2 ignored"]).close(true);
        assert_eq!(tally.line(), "5 passed, 1 failed");
        assert!(!tally.is_good());
    }

    #[test]
    fn a_sum_says_where() {
        let mut sum = Tally::default();
        sum.add("format", Tally::of_check(Ok(())));
        sum.add("docs", Tally::of_check(Err(Problem::new("a dead link"))));
        assert_eq!(sum.line(), "1 passed, 1 failed");
        assert_eq!(sum.failures(), ["docs: a dead link"]);
    }
}
