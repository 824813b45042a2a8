//! vestnik's adapter for ok.
