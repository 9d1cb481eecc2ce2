//! Builds a release again when the page was built: its files go into the binary. A debug build
//! reads them from the disk.

fn main() {
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if is_release { "../../dist" } else { "build.rs" };
    println!("cargo::rerun-if-changed={watched}");
}
