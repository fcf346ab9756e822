//! app: to be written.
fn main() {}
