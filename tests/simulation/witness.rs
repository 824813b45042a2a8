//! Who reads the database beside everybody else, without a turn: what faults meet there is read when they do.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Mutex;
use vestnik::domain::PostId;
use vestnik::store::{PostView, Store};

#[derive(Debug, Default)]
pub struct Witness(Mutex<Option<Store>>);

impl Witness {
    pub async fn open(self: &Arc<Self>, file: &Path) {
        let mut store = self.0.lock().await;
        if store.is_none() {
            *store = Some(Store::open(file).await.unwrap());
        }
    }

    /// Before the file is copied or put back.
    pub async fn close(&self) {
        if let Some(store) = self.0.lock().await.take() {
            store.close().await;
        }
    }

    /// The state of a post's newest delivery on a channel.
    pub async fn state(&self, post: PostId, slug: &str) -> Option<&'static str> {
        let view = self.view(post).await?;
        let on_channel = view.deliveries.iter().map(|v| &v.delivery).filter(|d| d.channel == slug);
        on_channel.max_by_key(|d| d.number).map(|d| d.state.name())
    }

    async fn view(&self, post: PostId) -> Option<PostView> {
        let store = self.0.lock().await;
        store.as_ref()?.post_view(post).await.ok()
    }
}
