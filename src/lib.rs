//! vestnik
