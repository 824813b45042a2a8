//! A plain web site whose pages people put up in a browser: Gosweb, or a channel's page on `max.ru`.
//!
//! `GET /` lists the pages; any other path shows one. `/reader` has a form, with which people put one up as they would in
//! the site's own editor. Calls are named `GET` and the path for the fault switches.

mod hands;
mod pages;
mod reader;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use http::{StatusCode, Uri};
use url::Url;

use crate::clock::WorldClock;
use crate::server::{Call, Server};

/// The running site.
#[derive(Debug)]
pub struct ManualSandbox {
    /// Its HTTP face, with fault switches, clock and log.
    pub server: Server,
    world: Shared,
}

/// A page that a person put up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it stands, with leading `/`.
    pub path: String,
    /// The headline.
    pub title: String,
    /// What stands under it.
    pub html: String,
    /// When it was put up, by the site's clock.
    pub published_at: DateTime<Utc>,
}

#[derive(Debug, Default)]
struct World {
    /// Oldest first.
    pages: Vec<Page>,
    /// From path to address.
    redirects: Vec<(String, String)>,
    answers_anything: bool,
}

type Shared = Arc<Mutex<World>>;

impl World {
    /// Puts a page up, in the place of one that stands there already.
    fn put_up(&mut self, page: Page) {
        self.pages.retain(|other| other.path != page.path);
        self.pages.push(page);
    }

    /// A path where nothing stands.
    fn free_path(&self) -> String {
        let paths = (self.pages.len() + 1..).map(|n| format!("/news/{n}"));
        let mut free = paths.filter(|path| self.pages.iter().all(|page| page.path != *path));
        free.next().unwrap_or_default()
    }
}

impl ManualSandbox {
    /// Starts an empty site on `address` (loopback only).
    pub async fn start(address: SocketAddr, clock: WorldClock) -> std::io::Result<Self> {
        let world = Shared::default();
        let readers = crate::reader::routes(reader::Readers(world.clone()));
        let hands = hands::routes(world.clone(), clock.clone());
        let router = Router::new().fallback(answer).with_state(world.clone()).merge(readers).merge(hands);
        let server = Server::start(address, clock, router, name).await?;
        Ok(Self { server, world })
    }

    /// Puts up a page at `path` (with leading `/`), in the place of one that stands there already. Its public
    /// address.
    pub fn publish_page(&self, path: &str, title: &str, html: &str) -> Url {
        let url = self.address(path);
        let published_at = self.server.clock.now();
        let page = Page { path: url.path().to_owned(), title: title.into(), html: html.into(), published_at };
        lock(&self.world).put_up(page);
        url
    }

    /// Changes a page; `false` when there is none.
    pub fn edit_page(&self, path: &str, title: &str, html: &str) -> bool {
        let path = self.address(path).path().to_owned();
        let mut world = lock(&self.world);
        let Some(page) = world.pages.iter_mut().find(|page| page.path == path) else { return false };
        page.title = title.into();
        page.html = html.into();
        true
    }

    /// Takes a page down; `false` when there is none.
    pub fn delete_page(&self, path: &str) -> bool {
        let path = self.address(path).path().to_owned();
        let mut world = lock(&self.world);
        let before = world.pages.len();
        world.pages.retain(|page| page.path != path);
        world.pages.len() < before
    }

    /// From now on `path` leads on to `to`.
    pub fn redirect(&self, path: &str, to: &str) {
        lock(&self.world).redirects.push((path.to_owned(), to.to_owned()));
    }

    /// What stands on the site, newest first.
    pub fn pages(&self) -> Vec<Page> {
        lock(&self.world).pages.iter().rev().cloned().collect()
    }

    /// Whether missing pages answer 200 with an empty application, as single-page sites do.
    pub fn answer_anything(&self, on: bool) {
        lock(&self.world).answers_anything = on;
    }

    /// The public address of a path, percent-encoded as a browser shows it.
    pub fn address(&self, path: &str) -> Url {
        let mut url = self.server.url();
        url.set_path(path);
        url
    }
}

fn name(call: &Call<'_>) -> String {
    format!("{} {}", call.parts.method, call.parts.uri.path())
}

async fn answer(State(world): State<Shared>, uri: Uri) -> Response {
    let world = lock(&world);
    if let Some((_, to)) = world.redirects.iter().find(|(from, _)| from == uri.path()) {
        return Redirect::permanent(to).into_response();
    }
    if let Some(page) = world.pages.iter().find(|page| page.path == uri.path()) {
        return Html(pages::post(page)).into_response();
    }
    if uri.path() == "/" {
        return Html(pages::list(world.pages.iter().rev())).into_response();
    }
    let status = if world.answers_anything { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, Html(pages::nothing())).into_response()
}

fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}
