//! The figures and names in a refusal, apart from the words: so that it can be told in any language.

use std::collections::BTreeMap;

use serde::Serialize;

/// One figure or name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// A number of something.
    Number(u64),
    /// A size in bytes, which people read in megabytes.
    Bytes(u64),
    /// A name, an address, a time as it was typed.
    Text(String),
}

/// Figures by the name that words call them by.
pub type Figures = BTreeMap<&'static str, Figure>;

impl From<usize> for Figure {
    fn from(n: usize) -> Self {
        Self::Number(n as u64)
    }
}

impl From<u32> for Figure {
    fn from(n: u32) -> Self {
        Self::Number(n.into())
    }
}

impl From<u64> for Figure {
    fn from(n: u64) -> Self {
        Self::Number(n)
    }
}

impl From<&str> for Figure {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Figure {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
