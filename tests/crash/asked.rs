//! What the environment asks of a run.

/// A number, if one was asked for.
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// Whether hours may be spent.
pub fn long() -> bool {
    number("VESTNIK_LONG").is_some_and(|n| n > 0)
}
