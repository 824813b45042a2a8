//! The world of manual.
