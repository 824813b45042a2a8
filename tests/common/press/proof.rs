//! What must be so in the end, whatever happened: read off the platforms, the journal and the database file.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_sandbox::town::{Platform, TownChannel};

use super::queued::{Queued, Word, name_of};
use super::run::{decent, secret_in, to_the_end};
use super::{Press, Ran};

/// What the orders demand between MAX and everything else.
pub const LEAST_HOLD: TimeDelta = TimeDelta::hours(4);

impl Press {
    /// Nothing is lost, twice or early: every post stands once on each of its channels with its newest text, what was
    /// withdrawn stands nowhere, nothing else stands anywhere, and by the platforms' own times everything is four hours
    /// behind MAX. The journal says the same.
    #[track_caller]
    pub fn prove(&self, queued: &[Queued]) {
        let mut out_in_max = HashMap::new();
        // MAX comes first of each organisation's channels.
        for channel in self.town.channels() {
            prove_channel(channel, queued, &mut out_in_max);
        }
        self.prove_history();
    }

    /// The journal is whole, has grown from every head that was noted, and shows nothing early: vestnik and a verifier
    /// of other making say so in the same words. Nothing that was kept or printed tells a secret.
    #[track_caller]
    pub fn prove_history(&self) {
        self.verify_history(proven);
    }

    /// The same of a history that was partly forgotten: of some followers nobody may be able to tell.
    #[track_caller]
    pub fn prove_what_is_known(&self) {
        self.verify_history(|ran| {
            if !ran.stdout.contains("of which nobody can tell") {
                return proven(ran);
            }
            ran.shows(&["verdict: part", "0 too early", "0 without a primary"]);
            ran
        });
    }

    #[track_caller]
    fn verify_history(&self, in_order: impl Fn(Ran) -> Ran) {
        in_order(self.vestnik(["history", "verify"]));
        let copy = self.journal();
        let heads = self.heads.lock().unwrap().clone();
        let expected = std::iter::once(None).chain(heads.iter().map(Some));
        for head in expected.map(|head| head.map_or(vec![], |head| vec!["--head", head])) {
            let verify = [vec!["history", "verify"], head.clone()].concat();
            in_order(self.vestnik(&verify));
            let ours = in_order(self.vestnik(verify.into_iter().chain(copy.to_str())));
            let theirs = in_order(outsider(&copy, &head));
            assert_eq!(theirs.stdout, ours.stdout);
        }
        assert_eq!(self.integrity(), "ok");
        decent(&self.rows());
        self.keeps_its_secrets();
    }

    /// An auditor notes where the journal's chains end: whatever comes, they must go on from there. Gives the number of
    /// each chain's last entry.
    pub fn note_heads(&self) -> BTreeMap<String, u64> {
        let report = self.vestnik(["history", "verify"]).done().stdout;
        let (mut chain, mut ends) = ("", BTreeMap::new());
        for line in report.lines() {
            if let Some((name, _)) = line.strip_prefix("chain ").and_then(|line| line.split_once(':')) {
                chain = name;
            } else if let Some((end, hash)) = line.strip_prefix("  head: ").and_then(|line| line.split_once(' ')) {
                ends.insert(chain.to_owned(), end.parse().unwrap());
                self.heads.lock().unwrap().push(hash.to_owned());
            }
        }
        ends
    }

    /// The journal in a file of its own.
    pub fn journal(&self) -> PathBuf {
        self.file("copy.jsonl", self.vestnik(["history", "--format", "jsonl"]).done().stdout)
    }

    /// The platforms with a channel.
    pub fn platforms(&self) -> &[Platform] {
        &self.platforms
    }

    /// No file of the office but those of the secrets holds one: the database with what it forgot, the history beside
    /// it, the log, the exports.
    #[track_caller]
    fn keeps_its_secrets(&self) {
        let mut folders = vec![self.path("")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry == self.path("secrets") {
                    continue;
                }
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    assert_eq!(secret_in(&std::fs::read(&entry).unwrap()), None, "in {}", entry.display());
                }
            }
        }
    }
}

#[track_caller]
fn prove_channel(channel: TownChannel<'_>, queued: &[Queued], out_in_max: &mut HashMap<String, DateTime<Utc>>) {
    let (slug, is_max) = (channel.slug(), channel.platform() == Platform::Max);
    let mut standing: HashMap<String, Vec<_>> = HashMap::new();
    for post in channel.posts() {
        standing.entry(name_of(post.title()).to_owned()).or_default().push(post);
    }
    let here =
        |post: &&Queued| post.organisation == channel.organisation() && post.platforms.contains(&channel.platform());
    for post in queued.iter().filter(here) {
        let there = standing.remove(&post.name).unwrap_or_default();
        let one = match (post.word, &there[..]) {
            (Word::Withdrawn | Word::Cancelled, []) => continue,
            (Word::Goes | Word::Cancelled, [one]) => one,
            _ => panic!("{post:?} on {slug}: {there:#?}"),
        };
        // What was cancelled between the primary's edit and the followers' leaves these with the text they have.
        if post.word == Word::Goes || is_max {
            let text = format!("Текст новости «{}».", post.headline());
            let is_newest = one.title() == post.headline() && one.text.contains(&text);
            assert!(is_newest && one.media == post.pictures, "{post:?} on {slug}: {one:#?}");
        }
        if is_max {
            out_in_max.insert(post.name.clone(), one.published_at);
        } else {
            let primary = out_in_max.get(&post.name).unwrap_or_else(|| panic!("{post:?} on {slug} and not in MAX"));
            let distance = one.published_at - primary;
            assert!(distance >= LEAST_HOLD, "{post:?} on {slug}: {distance} after MAX");
        }
    }
    assert!(standing.is_empty(), "nobody queued these for {slug}: {standing:?}");
}

#[track_caller]
fn proven(ran: Ran) -> Ran {
    let ran = ran.done();
    ran.shows(&["verdict: proven", "0 too early"]);
    ran
}

/// What the verifier of other making says of an export.
fn outsider(export: &Path, head: &[&str]) -> Ran {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify_export.py");
    let mut python = Command::new("python3");
    // Without site packages: nothing but the standard library is there.
    python.args(["-I", "-S"]).arg(script).args(head).arg(export);
    to_the_end(python)
}
