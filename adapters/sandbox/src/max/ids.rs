//! How MAX numbers posts: verified arithmetically on real samples, not a documented contract.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

/// The id of a post: `mid.`, 16 hex digits of the chat, 16 of the sequence number.
pub fn mid(chat_id: i64, seq: u64) -> String {
    format!("mid.{:016x}{seq:016x}", chat_id.cast_unsigned())
}

/// The chat and the sequence number in an id; the prefix may be left out (MAX API schema 0.0.33, path pattern).
pub fn parse_mid(mid: &str) -> Option<(i64, u64)> {
    let digits = mid.strip_prefix("mid.").unwrap_or(mid);
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let (chat_id, seq) = digits.split_at(16);
    Some((u64::from_str_radix(chat_id, 16).ok()?.cast_signed(), u64::from_str_radix(seq, 16).ok()?))
}

/// The first sequence number of a millisecond.
pub(super) fn first_seq(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp_millis()).unwrap_or_default() << 16
}

/// The last part of a post's public address.
pub(super) fn address_token(seq: u64) -> String {
    URL_SAFE_NO_PAD.encode(seq.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_sample_is_reproduced() {
        let id = "mid.000000000e7174f701a0da828c245855";
        let (chat_id, seq) = parse_mid(id).unwrap();
        assert_eq!(seq, 117_333_844_543_428_693);
        assert_eq!(mid(chat_id, seq), id);
        assert_eq!(seq >> 16, 1_790_372_383_780);
        assert_eq!(parse_mid(&mid(-71_768_670_111_751, 5)), Some((-71_768_670_111_751, 5)));
        assert_eq!(parse_mid("mid.0000000é0e7174f701a0da828c24585"), None);
    }
}
