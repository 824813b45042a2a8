//! The journal: what happened, who did it and when, as chains of entries that nothing can rewrite unseen.
//!
//! There is one chain per organisation, named by its slug, and one of the installation itself ([`INSTALLATION`]).
//! Each entry carries the hash of the one before it, so a change to any byte of any entry is found, and whoever
//! noted a chain's [`Head`] finds a cut tail or a chain written anew. Everything here is a pure function: the
//! store keeps the entries, `history` asks about them. For outsiders the form is told in `docs/journal-format.md`.

pub mod canonical;
pub mod chain;
pub mod entry;
pub mod event;
pub mod hash;
pub mod later;
pub mod stamp;

pub use chain::{Break, Fault, Head, Remark, Verifier, link};
pub use entry::{Draft, Entry, EntryError};
pub use event::Event;
pub use hash::Hash;
pub use later::Later;

/// The chain of the installation itself. No organisation may have this slug.
pub const INSTALLATION: &str = "installation";

/// The actor of what vestnik does by itself. People stand under their own names.
pub const VESTNIK: &str = "vestnik";
