//! The world of vk.
