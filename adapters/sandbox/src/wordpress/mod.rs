//! A `WordPress` site on loopback: the part of the REST interface that a publishing program uses, and the public pages.
//!
//! It behaves as `WordPress` 6.1 to 7.1 were seen to behave, quirks included: a wrong password is merely anonymous, a
//! repeated slug makes a second post, unknown term and media ids are ignored in silence, and with plain permalinks
//! every unknown path answers 200 with the home page.

mod auth;
mod dispatch;
mod kses;
mod media;
mod page;
mod post;
mod posts;
mod reader;
mod reader_page;
mod slug;
mod terms;
mod users;
mod wire;
mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;
use vestnik_contract::Clock;

use crate::clock::WorldClock;
use crate::server::Server;

pub use auth::Role;
pub use dispatch::call_name;
pub use post::{Post, Status};
pub use reader::{media_count, reader_text};
pub use world::Permalinks;

use world::World;

/// A site with one application password.
#[derive(Debug)]
pub struct WordPressSandbox {
    /// Its HTTP face. Calls are named like `POST /posts`, `POST /posts/{id}`, `POST /media`, `GET page`.
    pub server: Server,
    site: Site,
}

/// A published post as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPost {
    /// The post itself.
    pub post: Post,
    /// Title and text without markup.
    pub text: String,
    /// Pictures and linked files in the text.
    pub media: usize,
    /// The public address.
    pub url: Url,
}

/// What the handlers share.
#[derive(Debug, Clone)]
struct Site {
    world: Arc<Mutex<World>>,
    clock: WorldClock,
}

impl Site {
    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WordPressSandbox {
    /// Starts a site with pretty permalinks, a category `news` and `user` as an author.
    pub async fn start(
        address: SocketAddr,
        clock: Arc<dyn Clock>,
        user: &str,
        application_password: &str,
    ) -> std::io::Result<Self> {
        let clock = WorldClock::new(clock);
        let world = Arc::new(Mutex::new(World::new(user, application_password)));
        let site = Site { world, clock: clock.clone() };
        let router = dispatch::router(site.clone()).merge(crate::reader::routes(site.clone()));
        let server = Server::start(address, clock, router, dispatch::call_name).await?;
        Ok(Self { server, site })
    }

    /// What is public, newest first.
    pub fn posts(&self) -> Vec<PublicPost> {
        let base = self.server.url();
        let world = self.site.lock();
        world
            .published()
            .map(|post| PublicPost {
                text: reader_text(&format!("<h1>{}</h1>{}", post.title, wire::rendered(&post.content))),
                media: media_count(&post.content),
                url: base.join(&world.path_of(post)).unwrap_or_else(|_| base.clone()),
                post: post.clone(),
            })
            .collect()
    }

    /// Every post, drafts and trash included, by id.
    pub fn all_posts(&self) -> Vec<Post> {
        self.site.lock().posts.values().cloned().collect()
    }

    /// How many files were uploaded.
    pub fn media_count(&self) -> usize {
        self.site.lock().media.len()
    }

    /// A colleague moves a post to the trash. Says whether there was one.
    pub fn delete_by_hand(&self, id: u64) -> bool {
        self.site.lock().trash(id, self.site.clock.now())
    }

    /// A colleague deletes a post for good. Says whether there was one.
    pub fn erase_by_hand(&self, id: u64) -> bool {
        self.site.lock().erase(id)
    }

    /// A colleague replaces a post's text (HTML). Says whether there was one.
    pub fn edit_by_hand(&self, id: u64, content: &str) -> bool {
        let now = self.site.clock.now();
        self.site.lock().change(id, |post| {
            content.clone_into(&mut post.content);
            post.modified = now;
        })
    }

    /// A colleague sets a post's status (takes it back to draft, plans it). Says whether there was one.
    pub fn set_status_by_hand(&self, id: u64, status: Status) -> bool {
        self.site.lock().change(id, |post| post.status = status)
    }

    /// A colleague publishes something; the id of it.
    pub fn post_by_hand(&self, title: &str, content: &str) -> u64 {
        self.site.lock().post_by_hand(title, content, self.site.clock.now())
    }

    /// The application password is revoked: from now on we are anonymous.
    pub fn revoke_password(&self) {
        self.site.lock().account.revoked = true;
    }

    /// The site turns application passwords off (no HTTPS, a security plugin).
    pub fn offer_application_passwords(&self, on: bool) {
        self.site.lock().account.offered = on;
    }

    /// Gives our user another role.
    pub fn set_role(&self, role: Role) {
        self.site.lock().account.role = role;
    }

    /// Changes how addresses look.
    pub fn set_permalinks(&self, permalinks: Permalinks) {
        self.site.lock().permalinks = permalinks;
    }

    /// Public pages answer 503 (a maintenance plugin) while the REST interface works.
    pub fn hide_pages(&self, on: bool) {
        self.site.lock().pages_hidden = on;
    }
}
