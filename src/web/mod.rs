//! The desk: vestnik in the browser, for officers, editors, auditors and administrators.
//!
//! A page is a handler here, a template under `templates/` and words under `locales/`. Handlers ask [`crate::office`],
//! [`crate::store`] and [`crate::history`], as the command line does; rules never live here. Everything works as plain
//! links and forms first; htmx and scripts under `assets/` make it quicker.
//!
//! What comes in passes [`guard`] (headers, origin), then `session`; handlers name what they need: [`Visitor`] (anyone),
//! [`SignedIn`] (a person), [`Posted`] (a form with its token). What goes wrong is a [`WebError`], shown by `failure`.

mod account;
mod api;
mod arriving;
mod assets;
mod before;
mod calendar;
mod channel_name;
mod channels;
mod comparison;
mod connections;
mod desk;
pub mod drafts;
mod export;
mod failure;
pub mod files;
mod guard;
mod health;
mod journal;
mod live;
pub mod locale;
mod metrics;
mod mistakes;
mod pace;
mod page;
mod people;
mod plan;
mod post;
mod posted;
mod preview;
mod refusals;
mod rest;
mod rule;
mod serve;
mod session;
mod sign_in;
mod throttle;
mod today;
mod uploads;
mod visitor;
mod weeks;
mod welcome;
pub mod words;

pub use desk::Desk;
pub use failure::WebError;
pub use serve::{Listening, listen};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Every address of the desk.
pub fn router(desk: Desk) -> Router {
    let pages = Router::new()
        .merge(account::routes())
        .merge(api::pages())
        .merge(calendar::routes())
        .merge(channels::routes())
        .merge(drafts::routes())
        .merge(journal::routes())
        .merge(live::routes())
        .merge(people::routes())
        .merge(post::routes())
        .merge(preview::routes())
        .merge(rule::routes())
        .merge(sign_in::routes())
        .merge(today::routes())
        .merge(weeks::routes())
        .merge(welcome::routes())
        .layer(map_request(posted::whole))
        // Files are taken as they come, and ask again who brings them.
        .merge(files::routes())
        .fallback(failure::no_such_page);
    pages
        .layer(from_fn_with_state(desk.clone(), refusals::tell))
        .layer(from_fn(guard::only_own_forms))
        .layer(from_fn_with_state(desk.clone(), failure::as_page))
        .layer(session::layer(&desk))
        .merge(assets::routes())
        .merge(health::routes())
        .merge(api::routes().layer(from_fn_with_state(desk.clone(), refusals::tell)))
        .layer(from_fn_with_state(desk.clone(), metrics::time))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(desk.clone(), guard::headers))
        .layer(map_request(pace::bodies))
        .layer(from_fn(guard::log))
        .with_state(desk)
}
