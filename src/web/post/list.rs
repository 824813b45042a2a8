//! The list of posts.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use chrono_tz::Tz;
use serde::Deserialize;

use super::Paused;
use crate::domain::{Deed, PostId};
use crate::office::Standing as PostStanding;
use crate::store::{PostFilter, PostSummary, Standing};
use crate::web::page::Page;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

/// Posts on one page.
const PAGE: usize = 50;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/posts", get(list))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    standing: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    before: String,
}

impl Asked {
    /// Whether nothing is left out.
    fn is_everything(&self) -> bool {
        [&self.organisation, &self.standing, &self.words, &self.before].into_iter().all(String::is_empty)
    }
}

#[derive(Template)]
#[template(path = "post/list.html")]
struct ListPage {
    page: Page,
    asked: Asked,
    standings: &'static [Standing],
    lines: Vec<Line>,
    /// The address of what follows.
    next: Option<String>,
}

struct Line {
    post: PostSummary,
    zone: Tz,
    organisation: String,
    legs: Vec<Leg>,
}

struct Leg {
    name: String,
    state: &'static str,
}

async fn list(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    visitor.must_somewhere(Deed::Read)?;
    let organisations = if !asked.organisation.is_empty() {
        visitor.must(Deed::Read, &asked.organisation)?;
        Some(vec![asked.organisation.clone()])
    } else if visitor.person.rights.may_everywhere(Deed::Read) {
        None
    } else {
        Some(visitor.page.organisations.iter().map(|(slug, _)| slug.clone()).collect())
    };
    let filter = PostFilter { organisations, standing: Standing::named(&asked.standing), words: asked.words.clone() };
    let before = match asked.before.as_str() {
        "" => None,
        id => Some(id.parse::<PostId>().map_err(|_| WebError::NotFound)?),
    };
    let found = desk.office.store.post_page(&filter, before, PAGE).await?;
    let next = found.next.map(|next| {
        let query = [
            ("organisation", asked.organisation.as_str()),
            ("standing", &asked.standing),
            ("words", &asked.words),
            ("before", &next.to_string()),
        ];
        let mut address = url::form_urlencoded::Serializer::new("/posts?".to_owned());
        let given = query.iter().filter(|(_, value)| !value.is_empty());
        given.for_each(|(name, value)| {
            address.append_pair(name, value);
        });
        address.finish()
    });
    let paused = Paused::read(&desk).await?;
    let lines = found.posts.into_iter().map(|post| line(&desk, &paused, post)).collect();
    let shown = ListPage { page: visitor.page, asked, standings: Standing::ALL, lines, next };
    Ok(Html(shown.render()?))
}

fn line(desk: &Desk, paused: &Paused, post: PostSummary) -> Line {
    let standing = PostStanding::of_summary(&post);
    let legs = standing
        .deliveries
        .iter()
        .map(|d| Leg { name: desk.channel_name(&d.channel), state: paused.stands(d, &standing) })
        .collect();
    let organisation = desk.office.config.organisation(&post.organisation);
    let organisation = organisation.map_or_else(|| post.organisation.clone(), |o| o.name.clone());
    Line { zone: desk.zone(&post.organisation), organisation, legs, post }
}
