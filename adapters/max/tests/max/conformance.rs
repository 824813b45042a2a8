//! The cases that every adapter passes.

use crate::world::City;

vestnik_contract::conformance!(City::start().await);
