//! Drafts: the list, the composer, approval.

mod form;

pub use form::DraftForm;
