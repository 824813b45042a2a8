//! Bodies that arrive too slowly are cut: a byte now and then would hold a connection, and what stands behind it, for
//! good.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

/// A sender that is silent for so long is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// Slower than any line on which people send files, in bytes a second.
const SLOWEST: u64 = 2_000;

/// A body on its way.
struct Arriving {
    from: BodyDataStream,
    began: Instant,
    bytes: u64,
}

/// Lets bodies take their time, and no more than that.
pub(super) async fn bodies(request: Request) -> Request {
    if request.body().is_end_stream() { request } else { request.map(paced) }
}

fn paced(body: Body) -> Body {
    let arriving = Arriving { from: body.into_data_stream(), began: Instant::now(), bytes: 0 };
    let parts = stream::unfold(arriving, |mut arriving| async move {
        let part = arriving.next().await?;
        Some((part, arriving))
    });
    // Whoever takes a form apart asks again after its end.
    Body::from_stream(parts.fuse())
}

impl Arriving {
    async fn next(&mut self) -> Option<Result<Bytes, axum::Error>> {
        match timeout_at(self.patience(), self.from.next()).await {
            Ok(part) => {
                if let Some(Ok(bytes)) = &part {
                    self.bytes += bytes.len() as u64;
                }
                part
            }
            Err(_) => Some(Err(axum::Error::new(std::io::Error::from(std::io::ErrorKind::TimedOut)))),
        }
    }

    /// Until when the next part must be here.
    fn patience(&self) -> Instant {
        let in_all = self.began + SILENCE + Duration::from_secs(self.bytes / SLOWEST);
        in_all.min(Instant::now() + SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many parts arrive of a body that sends one of this many bytes every so many seconds.
    async fn arrived(bytes: usize, every: u64) -> usize {
        let sender = stream::unfold((), move |()| async move {
            tokio::time::sleep(Duration::from_secs(every)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from(vec![0; bytes])), ()))
        });
        let body = paced(Body::from_stream(sender.take(100)));
        body.into_data_stream().take_while(|part| std::future::ready(part.is_ok())).count().await
    }

    #[tokio::test]
    async fn a_body_may_be_asked_again_after_its_end() {
        let mut parts = paced(Body::from("csrf=")).into_data_stream();
        assert!(parts.next().await.is_some_and(|part| part.is_ok()));
        assert!(parts.next().await.is_none() && parts.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_is_waited_for_and_a_byte_now_and_then_is_not() {
        assert_eq!(arrived(100_000, 40).await, 100);
        assert_eq!(arrived(1, 50).await, 1);
        assert_eq!(arrived(1_000_000, 61).await, 0, "silence is the end however fast it was");
    }
}
