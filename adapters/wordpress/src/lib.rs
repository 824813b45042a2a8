//! vestnik's adapter for wordpress.
