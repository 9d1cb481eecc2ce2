//! Builds again when the page was built: its files go into the binary.

fn main() {
    println!("cargo::rerun-if-changed=../../dist");
}
