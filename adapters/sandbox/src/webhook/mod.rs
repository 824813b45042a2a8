//! The world of webhook.
