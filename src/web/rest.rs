//! What is left of a body after a refusal: a sender that writes everything before it reads sees the answer only then.

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

/// So much more is read and thrown away.
pub(super) const BYTES_MAX: u64 = 300_000_000;

/// Reads what is left of a body and throws it away.
pub(super) async fn leave<E>(mut body: impl Stream<Item = Result<Bytes, E>> + Unpin) {
    let mut left = 0;
    while let Some(Ok(part)) = body.next().await {
        left += part.len() as u64;
        if left > BYTES_MAX {
            return;
        }
    }
}
