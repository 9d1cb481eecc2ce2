//! One-letter names for what the page's module and its script call by name.
//!
//! wasm-bindgen names each import and export by what it does and a hash, in the module and in the
//! script: more than 3,000 bytes of the first load (brotli). wasm-opt gives short names in the
//! module and tells which; the script gets the same. Afterwards no old name is left in the script,
//! or the build stops.

use crate::problem::{Problem, Result, While};
use crate::tools::Tools;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The features that rustc uses, as in index.html: wasm-opt must read them and write no others.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Shortens the names in the module and in the script that loads it, both in place.
pub(crate) fn names(tools: &Tools, module: &Path, script: &Path) -> Result<()> {
    let told = tools
        .command("wasm-opt")?
        .arg(module)
        .args(FEATURES)
        .arg("--minify-imports-and-exports-and-modules")
        .arg("-o")
        .arg(module)
        .output()
        .while_doing("start wasm-opt")?;
    if !told.status.success() {
        return Err(Problem::new(format!(
            "wasm-opt could not shorten names: {}",
            String::from_utf8_lossy(&told.stderr)
        )));
    }
    let names = Names::read(&String::from_utf8_lossy(&told.stdout));
    let text = fs::read_to_string(script).while_doing(format!("read {}", script.display()))?;
    fs::write(script, names.apply(&text)?).while_doing(format!("write {}", script.display()))
}

/// Long names and their short ones.
struct Names {
    /// The name of the one object that holds all imports, quoted as the script writes it.
    module: String,
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

/// What wasm-opt calls the imports' module afterwards.
const SHORT_MODULE: &str = "a";

impl Names {
    /// Reads wasm-opt's list: `["module", "long", "short"]` for imports, `["long", "short"]` for
    /// exports, one a line. (It is almost JSON: the last item of a list may end in a comma.)
    fn read(told: &str) -> Self {
        let mut names = Self {
            module: String::new(),
            imports: BTreeMap::new(),
            exports: BTreeMap::new(),
        };
        for line in told.lines().filter(|line| line.trim().starts_with('[')) {
            let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
            match *quoted.as_slice() {
                [module, long, short] => {
                    names.module = format!("\"{module}\"");
                    names.imports.insert(long.to_owned(), short.to_owned());
                }
                [long, short] => {
                    names.exports.insert(long.to_owned(), short.to_owned());
                }
                _ => {}
            }
        }
        names
    }

    /// The script with short names: an import is the word itself, an export the word after a dot.
    fn apply(&self, script: &str) -> Result<String> {
        let script = script.replace(&self.module, SHORT_MODULE);
        let mut short = String::with_capacity(script.len());
        let mut used = 0;
        let mut words = script.split_inclusive(|c| !is_of_a_word(c));
        for piece in &mut words {
            let word = piece.trim_end_matches(|c| !is_of_a_word(c));
            let export = self.exports.get(word).filter(|_| short.ends_with('.'));
            match (self.imports.get(word), export) {
                (Some(name), _) => {
                    used += 1;
                    short.push_str(name);
                }
                (None, Some(name)) => short.push_str(name),
                (None, None) => short.push_str(word),
            }
            short.push_str(piece.strip_prefix(word).unwrap_or_default());
        }
        if used < self.imports.len() {
            return Err(Problem::new(format!(
                "the page's script defines {used} of the module's {} imports by name: \
                 wasm-bindgen writes them otherwise now, see crates/xtask/src/shorten.rs",
                self.imports.len()
            )));
        }
        Ok(short)
    }
}

fn is_of_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = r#"{
 "imports": [
  ["./page_bg.js", "__wbg_now_12", "a"],
  ["./page_bg.js", "__wbg_log_34", "b"],
 ],
"exports": [
  ["memory", "c"],
  ["__wbindgen_start", "d"]
 ]
}"#;

    #[test]
    fn imports_and_exports_get_their_short_names_and_nothing_else_changes() {
        let script = r#"let memory={"./page_bg.js":{__wbg_now_12:()=>now(),__wbg_log_34(x){log(x.memory.buffer)}}};x.__wbindgen_start()"#;
        assert_eq!(
            Names::read(TOLD).apply(script).unwrap(),
            "let memory={a:{a:()=>now(),b(x){log(x.c.buffer)}}};x.d()"
        );
    }

    #[test]
    fn an_import_that_the_script_does_not_name_stops_the_build() {
        let script = r#"let i={"./page_bg.js":{__wbg_now_12:()=>now()}}"#;
        let told = Names::read(TOLD).apply(script).unwrap_err().to_string();
        assert!(told.contains("1 of the module's 2"), "{told}");
    }
}
