//! vestnik's adapter for webhook.
