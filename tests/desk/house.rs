//! An office with its desk open: two organisations, their platforms, people of every role.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use vestnik::backup::{Restored, restore};
use vestnik::config::Config;
use vestnik::domain::people::Right;
use vestnik::domain::{PersonId, PostId, Rights, Role};
use vestnik::office::{Office, QueueOptions};
use vestnik::release::{Daemon, Settings};
use vestnik::store::{NewPerson, PostFilter, PostSummary};
use vestnik::web::{Desk, listen};
use vestnik_contract::{Clock as _, SetClock};
use vestnik_sandbox::town::{Addresses, ConfigOptions, Platform, Town};

use super::browser::Browser;

/// The organisation that stories are about, and one that its people have nothing to do with.
pub const OWN: &str = "gorod";
pub const FOREIGN: &str = "gorod-2";
/// Everyone's.
pub const PASSWORD: &str = "одиннадцать синих лодок";

/// The office, its desk and its town. Everything ends with it.
pub struct House {
    /// The platforms.
    pub town: Town,
    /// Set, never waited for.
    pub clock: Arc<SetClock>,
    pub office: Office,
    pub daemon: Daemon,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// The same of the port of figures, where there is one.
    pub metrics: Option<String>,
    people: AtomicU32,
    folder: TempDir,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    desk: Option<JoinHandle<()>>,
}

/// Monday 09:00 in Moscow.
pub fn morning() -> DateTime<Utc> {
    "2026-11-23T06:00:00Z".parse().unwrap()
}

impl House {
    pub async fn open() -> Self {
        Self::with(&[Platform::Max, Platform::Vk, Platform::WordPress], |config| config).await
    }

    /// A house whose organisations are on these platforms, with a configuration changed by `edit`.
    pub async fn with(platforms: &[Platform], edit: impl FnOnce(String) -> String) -> Self {
        let clock = Arc::new(SetClock::at(morning()));
        let mut town = Town::start(clock.clone(), Addresses::free()).await.unwrap();
        town.add_organisations(1).await.unwrap();
        let folder = tempfile::Builder::new().prefix("vestnik-desk-").tempdir().unwrap();
        town.write_secrets(&folder.path().join("secrets")).unwrap();
        let options = ConfigOptions { gap_seconds: Some(0), platforms: platforms.to_vec(), ..ConfigOptions::default() };
        let place = folder.path().join("config.toml");
        std::fs::write(&place, edit(town.config(&options))).unwrap();
        let office = Office::open_to_serve(Config::load(&place).unwrap(), clock.clone()).await.unwrap();
        let daemon = daemon_of(&office, &clock);
        let (address, people) = (String::new(), AtomicU32::new(0));
        let mut house =
            Self { town, clock, office, daemon, address, metrics: None, people, folder, end: None, desk: None };
        house.open_desk().await;
        house
    }

    async fn open_desk(&mut self) {
        let desk = listen(Desk::new(self.office.clone(), Some(self.daemon.pulse()))).await.unwrap();
        self.address = format!("http://{}", desk.address().unwrap());
        self.metrics = desk.metrics_address().map(|address| format!("http://{address}"));
        let (end, ends) = tokio::sync::oneshot::channel();
        self.end = Some(end);
        self.desk = Some(tokio::spawn(async { desk.run(async { drop(ends.await) }).await.unwrap() }));
    }

    /// Ends everything, puts a copy back as `vestnik restore --replace` does, and opens the office at the same address.
    /// What the daemon does then waits for [`House::pass`].
    pub async fn restore(&mut self, archive: &Path) -> Restored {
        self.end_desk();
        self.desk.take().unwrap().await.unwrap();
        self.office.store.clone().close().await;
        let mut config = self.office.config.clone();
        config.server.listen = self.address.trim_start_matches("http://").parse().unwrap();
        let restored = restore(&config, archive, true, "Админ", &*self.clock).await.unwrap();
        self.office = Office::open_to_serve(config, self.clock.clone()).await.unwrap();
        self.daemon = daemon_of(&self.office, &self.clock);
        self.open_desk().await;
        restored
    }

    /// Asks the desk to end, as the program does.
    pub fn end_desk(&mut self) {
        drop(self.end.take());
    }

    /// A path in the office's folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Adds a person with these roles; gives their id and login.
    pub async fn person(&self, roles: &[(Role, Option<&str>)]) -> (PersonId, String) {
        let nth = self.people.fetch_add(1, Ordering::Relaxed);
        let login = format!("person-{nth}");
        let right = |(role, organisation): &(Role, Option<&str>)| Right {
            role: *role,
            organisation: organisation.map(ToOwned::to_owned),
        };
        let new = NewPerson {
            login: login.clone(),
            name: format!("Сотрудник {nth}"),
            rights: Rights::new(roles.iter().map(right).collect()),
            password: Some(quick_hash()),
            by: "тест".into(),
        };
        (self.office.store.add_person(new, self.clock.now()).await.unwrap(), login)
    }

    /// A person with these roles, signed in.
    pub async fn signed_in(&self, roles: &[(Role, Option<&str>)]) -> Browser {
        let (_, login) = self.person(roles).await;
        let browser = self.visitor();
        browser.sign_in(&login, PASSWORD).await;
        browser
    }

    /// An officer of the own organisation.
    pub async fn officer(&self) -> Browser {
        self.signed_in(&[(Role::Officer, Some(OWN))]).await
    }

    /// An editor of the own organisation.
    pub async fn editor(&self) -> Browser {
        self.signed_in(&[(Role::Editor, Some(OWN))]).await
    }

    /// An auditor of the own organisation.
    pub async fn auditor(&self) -> Browser {
        self.signed_in(&[(Role::Auditor, Some(OWN))]).await
    }

    /// An administrator of everything.
    pub async fn administrator(&self) -> Browser {
        self.signed_in(&[(Role::Administrator, None)]).await
    }

    /// Someone from the other organisation, who may do everything there.
    pub async fn stranger(&self) -> Browser {
        let roles = Role::ALL.iter().map(|role| (*role, Some(FOREIGN))).collect::<Vec<_>>();
        self.signed_in(&roles).await
    }

    /// Nobody known.
    pub fn visitor(&self) -> Browser {
        Browser::new(&self.address)
    }

    /// Queues a post of the own organisation as the command line does; `more` are lines of front matter.
    pub async fn queue(&self, title: &str, more: &str) -> PostId {
        let file = self.path("post.md");
        std::fs::write(&file, format!("---\ntitle: {title}\n{more}\n---\nТекст новости «{title}».\n")).unwrap();
        let options =
            QueueOptions { organisation: Some(OWN.into()), by: "Офицер".into(), ..QueueOptions::default() };
        self.office.queue(&file, options).await.unwrap().id
    }

    /// The newest posts of the own organisation.
    pub async fn posts(&self) -> Vec<PostSummary> {
        let own = PostFilter { organisations: Some(vec![OWN.into()]), ..PostFilter::default() };
        self.office.store.post_page(&own, None, 10).await.unwrap().posts
    }

    /// Writes into the database what would take too long to happen.
    pub async fn sql(&self, statements: &str) {
        let place = format!("sqlite:{}", self.office.store.place().display());
        let mut connection = SqliteConnection::connect(&place).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Lets time pass as the daemon would see it.
    pub async fn pass(&self, time: Duration) {
        let end = self.clock.now() + time;
        for _ in 0..20_000 {
            let wake = self.daemon.tick(self.clock.now()).await.unwrap();
            if wake.working {
                self.daemon.settle().await;
                continue;
            }
            match wake.at {
                Some(at) if at <= end => self.clock.set(at),
                _ => return self.clock.set(end),
            }
        }
        panic!("the daemon finds no rest");
    }

    /// How many posts of this title readers see on a platform of the own organisation.
    pub fn count(&self, platform: Platform, title: &str) -> usize {
        let slug = self.town.organisations().next().unwrap().channel_slug(platform);
        let channel = self.town.channels().find(|c| c.slug() == slug).unwrap();
        channel.posts().iter().filter(|post| post.title() == title).count()
    }
}

fn daemon_of(office: &Office, clock: &Arc<SetClock>) -> Daemon {
    let settings = Settings {
        hold: office.config.hold,
        speed: 1.0,
        instance: "desk".into(),
        seed: 7,
        horizon: Duration::from_secs(86_400 * 60),
    };
    Daemon::new(office.store.clone(), office.channels.clone(), clock.clone(), settings)
}

/// Argon2id with parameters that cost nothing: these tests are not about guessing passwords.
pub fn quick_hash() -> String {
    let params = Params::new(8, 1, 1, None).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}
