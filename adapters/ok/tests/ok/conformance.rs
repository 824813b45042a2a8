//! What every adapter must be able to do.

vestnik_contract::conformance!(crate::world::OkWorld::start().await);
