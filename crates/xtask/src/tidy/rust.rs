//! Rules for Rust files.

use super::Finding;
use std::path::Path;

/// The most lines of code in one file; blank lines, comments and the tests at its end are free.
const CODE_LINES_MAX: usize = 400;

/// Files that may be longer, each with the reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// What must not be in any line of code. Written in two halves, so that this file may be checked.
const BANNED: &[(&str, &str)] = &[
    (concat!("#[", "ignore"), "a test is run or removed"),
    (concat!("todo", "!("), "finish it, or open an issue"),
    (concat!("dbg", "!("), "left over from debugging"),
];

const SLEEPS: &[&str] = &[concat!("thread::", "sleep"), concat!("time::", "sleep")];

/// All findings in one file.
pub(super) fn check(path: &Path, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        findings.push(Finding::new(
            1,
            "the file must open with `//!`: what is it for?",
        ));
    }
    check_length(path, text, &mut findings);
    check_lines(path, text, &mut findings);
    findings
}

fn check_length(path: &Path, text: &str, findings: &mut Vec<Finding>) {
    let product = text.split(TESTS_BEGIN).next().unwrap_or_default();
    let length = product.lines().filter(|line| is_code(line)).count();
    let excused = LONG_FILES.iter().any(|(file, _)| path == Path::new(file));
    if length > CODE_LINES_MAX && !excused {
        let rule = format!("{length} lines of code, more than {CODE_LINES_MAX}: split it by noun");
        findings.push(Finding::new(1, rule));
    }
}

fn check_lines(path: &Path, text: &str, findings: &mut Vec<Finding>) {
    let is_test_file = path
        .with_extension("")
        .components()
        .any(|part| part.as_os_str() == "tests");
    let tests_begin = text
        .find(TESTS_BEGIN)
        .map_or(usize::MAX, |at| text[..at].lines().count());
    for (index, line) in text.lines().enumerate() {
        if !is_code(line) || line.contains("// tidy: ") {
            continue;
        }
        let number = index + 1;
        for (what, why) in BANNED {
            if line.contains(what) {
                findings.push(Finding::new(number, format!("`{what}`: {why}")));
            }
        }
        let is_test = is_test_file || index >= tests_begin;
        if is_test && SLEEPS.iter().any(|sleep| line.contains(sleep)) {
            let rule = "a test that sleeps: wait for a condition, with an end";
            findings.push(Finding::new(number, rule));
        }
    }
}

const TESTS_BEGIN: &str = "\n#[cfg(test)]\nmod tests";

fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<usize> {
        let found = check(Path::new(path), text);
        found.into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_file_opens_with_its_purpose() {
        assert_eq!(findings("a.rs", "//! Why.\nfn a() {}\n"), []);
        assert_eq!(findings("a.rs", "fn a() {}\n"), [1]);
        assert_eq!(findings("a.rs", ""), [1]);
    }

    #[test]
    fn only_code_counts_as_length() {
        let code = "fn a() {}\n".repeat(CODE_LINES_MAX);
        let free = "\n// why\n".repeat(CODE_LINES_MAX);
        let tests = format!("{TESTS_BEGIN} {{\n{code}}}");
        assert_eq!(
            findings("a.rs", &format!("//! Why.\n{free}{code}{tests}")),
            []
        );
        assert_eq!(
            findings("a.rs", &format!("//! Why.\n{code}fn b() {{}}\n")),
            [1]
        );
    }

    #[test]
    fn left_overs_are_found_in_code_alone() {
        for (what, _) in BANNED {
            assert_eq!(
                findings("a.rs", &format!("//! Why.\nfn a() {{ {what} }}")),
                [2]
            );
            assert_eq!(findings("a.rs", &format!("//! Why.\n// no {what}")), []);
            let excused = format!("//! Why.\nlet a = {what} // tidy: a word for it");
            assert_eq!(findings("a.rs", &excused), []);
        }
    }

    #[test]
    fn tests_do_not_sleep() {
        for sleep in SLEEPS {
            let text = format!("//! Why.\nfn a() {{ {sleep}(x) }}");
            assert_eq!(findings("crates/a/src/a.rs", &text), []);
            assert_eq!(findings("crates/a/tests/a.rs", &text), [2]);
            assert_eq!(findings("crates/a/src/a/tests.rs", &text), [2]);
            let below = format!("//! Why.\n{TESTS_BEGIN} {{\n{sleep}(x)\n}}");
            assert_eq!(findings("crates/a/src/a.rs", &below), [5]);
        }
    }
}
