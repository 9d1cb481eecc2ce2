//! The rules that no other tool checks.
//!
//! A line that ends in `// tidy: REASON` is excused from the rules about lines; a file that must
//! be long is listed with its reason.

mod css;
mod rust;

use crate::problem::{Problem, Result, While};
use crate::{budget, progress, project};
use std::fs;
use std::path::Path;

/// The folders with sources of ours.
const FOLDERS: &[&str] = &["crates", "embed", "public", "src", "style", "tests"];

/// Folders inside those that others filled.
const FOREIGN: &[&str] = &["node_modules", "target"];

/// A broken rule, and where.
#[derive(Debug, Eq, PartialEq)]
struct Finding {
    line: usize,
    rule: String,
}

impl Finding {
    fn new(line: usize, rule: impl Into<String>) -> Self {
        let rule = rule.into();
        Self { line, rule }
    }
}

/// Checks all rules and prints every finding.
pub(crate) fn check() -> Result<()> {
    let mut findings = Vec::new();
    for folder in FOLDERS {
        for file in project::files_below(&project::root().join(folder))? {
            check_file(&file, &mut findings)?;
        }
    }
    findings.extend(check_budget()?);
    for finding in &findings {
        progress::note(finding);
    }
    match findings.len() {
        0 => Ok(()),
        1 => Err(Problem::new(findings.concat())),
        many => Err(Problem::new(format!("{many} findings, see above"))),
    }
}

fn check_file(file: &Path, findings: &mut Vec<String>) -> Result<()> {
    let root = project::root();
    let path = file.strip_prefix(&root).unwrap_or(file);
    if path
        .components()
        .any(|part| FOREIGN.iter().any(|name| part.as_os_str() == *name))
    {
        return Ok(());
    }
    let rules: fn(&Path, &str) -> Vec<Finding> = match path.extension().and_then(|it| it.to_str()) {
        Some("rs") => rust::check,
        Some("css") => css::check,
        _ => return Ok(()),
    };
    let text = fs::read_to_string(file).while_doing(format!("read {}", path.display()))?;
    let found = rules(path, &text).into_iter();
    findings.extend(found.map(|it| format!("{}:{}: {}", path.display(), it.line, it.rule)));
    Ok(())
}

/// The numbers of the size budget only shrink.
fn check_budget() -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for key in budget::KEYS {
        let now = budget::in_force(key)?;
        let before = budget::smallest_committed(key).filter(|before| now > *before);
        findings.extend(before.map(|before| {
            format!(
                "{}: {key} is {now}, more than {before}, which an earlier commit held to",
                budget::FILE
            )
        }));
    }
    Ok(findings)
}
