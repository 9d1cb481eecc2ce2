//! `cargo xtask size`: what a customer's phone downloads before the page starts.

use crate::problem::{Problem, Result, While};
use crate::tools::{FOR_PAGE, Tools};
use crate::{budget, build, compress, first_load, progress, project};
use std::fs;

/// Builds the page and holds it to the budget.
pub(crate) fn size() -> Result<()> {
    check(&Tools::ready(FOR_PAGE)?)
}

/// The same, for a caller that has the tools already.
pub(crate) fn check(tools: &Tools) -> Result<()> {
    build::page(tools)?;
    progress::doing("weighing the first load");
    let total = weigh()?;
    let budget = budget::first_load_brotli()?;
    println!("{}", verdict(total, budget)?);
    Ok(())
}

/// Prints the table and returns the sum of the last column.
fn weigh() -> Result<usize> {
    let dist = project::dist();
    println!("    {:>9} {:>9} {:>9}  file", "raw", "gzip -9", "brotli 11");
    let mut sums = [0, 0, 0];
    for name in first_load::files(&dist)? {
        let content = fs::read(dist.join(&name)).while_doing(format!("read dist/{name}"))?;
        let sizes = [
            content.len(),
            compress::gzip(&content)?.len(),
            compress::brotli(&content)?.len(),
        ];
        print_row(sizes, &name);
        for (sum, size) in sums.iter_mut().zip(sizes) {
            *sum += size;
        }
    }
    print_row(sums, "first load");
    let [_, _, brotli] = sums;
    Ok(brotli)
}

fn print_row([raw, gzip, brotli]: [usize; 3], name: &str) {
    println!("    {raw:>9} {gzip:>9} {brotli:>9}  {name}");
}

/// How far below the budget the page may be before the command asks to lower it.
const SLACK: usize = 2_000;

fn verdict(total: usize, budget: usize) -> Result<String> {
    let file = budget::FILE;
    if total > budget {
        return Err(Problem::new(format!(
            "the first load is {total} bytes, {} more than the {budget} in {file}: make the page \
             smaller, the number never grows",
            total - budget
        )));
    }
    let room = budget - total;
    let hint = if room > SLACK {
        format!("; lower the number in {file} to keep what was won")
    } else {
        String::new()
    };
    Ok(format!(
        "    {total} bytes of {budget}: {room} to spare{hint}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_holds_to_the_byte() {
        assert!(verdict(80_001, 80_000).is_err());
        assert!(!verdict(80_000, 80_000).unwrap().contains("lower"));
        assert!(!verdict(78_000, 80_000).unwrap().contains("lower"));
        assert!(verdict(77_999, 80_000).unwrap().contains("lower"));
    }
}
