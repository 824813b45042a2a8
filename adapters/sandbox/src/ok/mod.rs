//! The world of ok.
