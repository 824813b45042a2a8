//! vestnik's adapter for max.
