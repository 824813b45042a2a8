//! Posts that are queued: the list, the whole life of one, and what people decide about it.

mod actions;
pub(super) mod by_hand;
pub(super) mod forms;
mod history;
mod list;
mod look;
mod page;
mod revisions;
mod standing;

pub(super) use standing::{Paused, counts_down, stop_key, told_at};

use axum::Router;

use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::domain::content::is_web;
use crate::domain::{Deed, PostId};
use crate::store::PostView;

pub(super) fn routes() -> Router<Desk> {
    Router::new().merge(list::routes()).merge(page::routes()).merge(look::routes()).merge(actions::routes())
}

/// The post of an address, for those who may do this there. To anyone else it does not exist.
async fn view_of(desk: &Desk, visitor: &SignedIn, id: &str, deed: Deed) -> Result<PostView, WebError> {
    let id: PostId = id.parse().map_err(|_| WebError::NotFound)?;
    let view = desk.office.store.post_view(id).await?;
    visitor.must(deed, &view.organisation)?;
    Ok(view)
}

/// What a page says after a form, by the word in its address. Nothing else of an address is ever shown.
pub(super) fn told_key(told: Option<&str>) -> Option<&'static str> {
    Some(match told? {
        "cancelled" => "post-told-cancelled",
        "withdrawn" => "post-told-withdrawn",
        "republished" => "post-told-republished",
        "settled" => "post-told-settled",
        "found" => "post-told-found",
        "again" => "post-told-again",
        "moved" => "post-told-moved",
        "already" => "post-told-already",
        "stale" => "post-told-stale",
        "paused" => "post-told-paused",
        "resumed" => "post-told-resumed",
        _ => return None,
    })
}

/// An address that may stand in a link: only what a browser opens as a page, whatever a platform answered.
pub(super) fn linkable(url: Option<&str>) -> Option<String> {
    url.filter(|url| url.parse().is_ok_and(|url| is_web(&url))).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::StopKind;
    use crate::web::locale::FILES;

    #[test]
    fn only_pages_become_links() {
        assert!(linkable(Some("https://vk.com/wall-1_2")).is_some());
        for wrong in ["javascript:alert(1)", "data:text/html,x", "https://", "vk.com/wall-1_2", ""] {
            assert_eq!(linkable(Some(wrong)), None);
        }
    }

    #[test]
    fn everything_that_stops_a_post_has_words() {
        for (kind, (locale, _)) in StopKind::ALL.iter().flat_map(|kind| FILES.iter().map(move |file| (kind, file))) {
            assert!(locale.t(&stop_key(*kind)).is_known(), "{} does not say {kind}", locale.name());
        }
    }
}
