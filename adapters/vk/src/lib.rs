//! vestnik's adapter for vk.
