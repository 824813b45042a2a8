//! The world of max.
