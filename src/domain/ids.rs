//! Names of things. Different kinds do not mix.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no id: an id looks like 01a201c5-69a3-7749-baab-8200479ba250; `vestnik post list` shows those of posts"
)]
pub struct NotAnId(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().map(Self).map_err(|_| NotAnId(text.chars().take(60).collect()))
            }
        }
    };
}

id! {
    /// A post. Version 7 (RFC 9562): later posts sort after earlier ones.
    PostId
}
id! {
    /// A post on one channel.
    DeliveryId
}
id! {
    /// One call to a platform.
    AttemptId
}
id! {
    /// A person who works at the desk.
    PersonId
}
id! {
    /// A post that is being written.
    DraftId
}
id! {
    /// A token of a program.
    TokenId
}
