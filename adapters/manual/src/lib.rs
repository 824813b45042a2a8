//! vestnik's adapter for manual.
