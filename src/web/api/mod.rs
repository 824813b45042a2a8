//! The program interface, `/api/v1`: what the pages do, for programs. JSON in and out, failures as
//! `application/problem+json` (RFC 9457), a token in `Authorization: Bearer vst_…`.
//!
//! The document at `/api/v1/openapi.json` is made of the handlers themselves; `/api/v1` shows it to people.

mod bearer;
mod channels;
mod conditions;
mod deliveries;
mod history;
mod media;
mod orders;
mod posts;
mod problem;
mod reading;
mod shapes;
mod weeks;

use std::sync::LazyLock;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::map_request;
use axum::routing::{any, get};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use self::problem::ApiError;
use super::{Desk, WebError};

/// Where everything of it lies.
const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "vestnik",
        version = env!("CARGO_PKG_VERSION"),
        description = "Queue a post once; it goes out in MAX first and everywhere else no earlier than four hours after \
            MAX confirmed it. Times are RFC 3339 in UTC. Lists give `next`: ask again with it as `after`. Whatever changes a \
            post asks for `If-Match` with the `ETag` that the post was read with, or with `*`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    modifiers(&Token),
    security(("token" = [])),
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("vst_…");
        let scheme = scheme.description(Some("A token from the page «Account».")).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn described() -> OpenApiRouter<Desk> {
    let calls = OpenApiRouter::new()
        .routes(routes!(posts::list, posts::create))
        .routes(routes!(posts::show, posts::edit))
        .routes(routes!(orders::cancel))
        .routes(routes!(orders::withdraw))
        .routes(routes!(orders::republish))
        .routes(routes!(orders::move_to))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::resolve))
        .routes(routes!(deliveries::try_again))
        .routes(routes!(media::download))
        .routes(routes!(channels::list))
        .routes(routes!(channels::pause))
        .routes(routes!(channels::resume))
        .routes(routes!(channels::check))
        .routes(routes!(history::search))
        .routes(routes!(weeks::list))
        .layer(map_request(bearer::whole))
        // A file is taken as it comes, and asks again whose token it came with.
        .routes(routes!(media::upload).layer(DefaultBodyLimit::disable()));
    OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, calls)
}

static DOCUMENT: LazyLock<utoipa::openapi::OpenApi> = LazyLock::new(|| described().split_for_parts().1);
static TEXT: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_pretty_json().unwrap_or_default());

pub(super) fn routes() -> Router<Desk> {
    let (calls, _) = described().split_for_parts();
    calls
        .route("/api/v1/openapi.json", get(|| async { ([(CONTENT_TYPE, "application/json")], TEXT.as_str()) }))
        .route("/api/v1/{*call}", any(async || ApiError::from(WebError::NotFound)))
        .method_not_allowed_fallback(async || ApiError::from(WebError::WrongMethod))
}

/// The page for people, which has the frame of all pages.
pub(super) fn pages() -> Router<Desk> {
    Router::new().route(BASE, get(reading::page))
}
