//! The pure rules and types: no I/O, no clock, no database.

pub mod wall_time;
pub mod week;
