//! Starts the page.

fn main() {
    upi_checkout::driver::start();
}
