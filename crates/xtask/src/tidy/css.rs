//! Rules for style sheets.

use super::Finding;
use std::path::Path;

/// All findings in one style sheet.
pub(super) fn check(_path: &Path, text: &str) -> Vec<Finding> {
    text.lines()
        .zip(1..)
        .filter(|(line, _)| line.contains("!important"))
        .map(|(_, number)| Finding::new(number, "`!important`: use the order of the layers"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn important_is_found() {
        let findings = check(
            Path::new("a.css"),
            "a { color: red }\nb { top: 0 !important }",
        );
        assert_eq!(findings.len(), 1);
        assert!(findings.iter().all(|it| it.line == 2));
    }
}
