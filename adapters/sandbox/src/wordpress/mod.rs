//! The world of wordpress.
