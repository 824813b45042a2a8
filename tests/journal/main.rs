//! The proof as an outsider has it: exports, what tampering does to them, and the verdict of a program that is not ours.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod example;
mod formats;
mod outsider;
mod tampering;
