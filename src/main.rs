//! vestnik
fn main() {}
