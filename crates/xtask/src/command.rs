//! Other programs: run one, read its answer, follow what it prints.

use crate::problem::{Problem, Result, While};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Runs a command to its end; what it prints is passed through.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .while_doing(format!("start `{}`", shown(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(Problem::new(format!(
        "`{}` failed ({status})",
        shown(command)
    )))
}

/// Runs a command silently and returns what it printed, or nothing if it failed or is not there.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, passes on what it prints, and shows each line of its output to `on_line` too.
/// Answers whether it succeeded.
pub(crate) fn follow(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<bool> {
    let starting = format!("start `{}`", shown(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .while_doing(&starting)?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        // By bytes and not by `lines()`: a test may print something that is not UTF-8.
        while output.read_until(b'\n', &mut line).while_doing(&starting)? > 0 {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            on_line(text.trim_end());
            line.clear();
        }
    }
    Ok(child.wait().while_doing(starting)?.success())
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}
