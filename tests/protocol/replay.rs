//! Paths of the model on the real store: all short ones, and long ones by chance.

use std::path::PathBuf;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::act::{Act, possible};
use crate::asked;
use crate::real::{Real, prepare};
use crate::rules::{Broken, Rules};
use crate::situation::Situation;

/// Longer ones are drawn by chance.
const SHORT: usize = 3;
const LONG: usize = 30;

type Path = Vec<Act>;

/// Every path of so many acts.
fn all(rules: &Rules, length: usize) -> Vec<Path> {
    let mut paths = vec![(vec![], Situation::queued(rules.crashes, rules.steps))];
    for _ in 0..length {
        paths = paths.into_iter().flat_map(|(path, s)| longer(rules, &path, &s)).collect();
    }
    paths.into_iter().map(|(path, _)| path).collect()
}

fn longer(rules: &Rules, path: &Path, s: &Situation) -> Vec<(Path, Situation)> {
    let acts = possible(s, rules).into_iter();
    acts.map(|act| ([&path[..], &[act]].concat(), s.after(act, rules))).collect()
}

/// Faults are as likely as everything else together, so that there is something to survive, until there are none left.
fn by_chance(rules: &Rules, seed: u64) -> Path {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut s = Situation::queued(rules.crashes, rules.steps);
    (0..LONG)
        .map(|_| {
            let acts = possible(&s, rules);
            // Time passes last: otherwise it is all that happens.
            let from = usize::from(chance.random_bool(0.8));
            let act = acts.get(chance.random_range(from..acts.len().max(from + 1))).copied().unwrap_or(Act::Tick);
            s = s.after(act, rules);
            act
        })
        .collect()
}

/// A folder in memory where the machine has one: nothing here is about the disk.
fn folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// What was replayed.
#[derive(Debug, Default)]
struct Replayed {
    paths: usize,
    acts: usize,
}

async fn replay(rules: &Rules, paths: impl IntoIterator<Item = Path>) -> Result<Replayed, String> {
    let folder = folder();
    let queued = folder.path().join("queued.db");
    Box::pin(prepare(&queued)).await;
    let mut replayed = Replayed::default();
    for path in paths {
        let file = folder.path().join(format!("{}", replayed.paths)).join("vestnik.db");
        std::fs::create_dir(file.parent().unwrap()).unwrap();
        std::fs::copy(&queued, &file).unwrap();
        let mut real = Box::pin(Real::open(file.clone(), rules)).await;
        let mut s = Situation::queued(rules.crashes, rules.steps);
        let mut story = vec![];
        for act in &path {
            s = s.after(*act, rules);
            story.push(act.words(&s));
            Box::pin(real.perform(*act, &s)).await.map_err(|why| format!("{}\n=> {why}", story.join("\n")))?;
        }
        Box::pin(real.close()).await;
        std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
        replayed.paths += 1;
        replayed.acts += path.len();
    }
    Ok(replayed)
}

/// Long paths of each kind unless more are asked for.
const PATHS: u64 = 40;

async fn answers_alike(what: &str, rules: &Rules) {
    let first = asked("VESTNIK_FIRST_SEED").unwrap_or(0);
    let seeds = first..first + asked("VESTNIK_PATHS").unwrap_or(PATHS);
    let paths = all(rules, SHORT).into_iter().chain(seeds.map(|seed| by_chance(rules, seed)));
    match Box::pin(replay(rules, paths)).await {
        Ok(Replayed { paths, acts }) => {
            println!("{what}: {paths} paths, {acts} acts, the store answers like the model");
        }
        Err(path) => panic!("{what}: {path}"),
    }
}

#[tokio::test]
async fn the_store_answers_like_the_model_to_one_daemon() {
    Box::pin(answers_alike("one daemon", &Rules { steps: 2, ..Rules::ALONE })).await;
}

#[tokio::test]
async fn the_store_answers_like_the_model_to_two_daemons() {
    Box::pin(answers_alike("two daemons", &Rules::TWO_DAEMONS)).await;
}

#[tokio::test]
async fn the_store_answers_like_the_model_where_a_platforms_clock_is_wrong() {
    Box::pin(answers_alike("MAX ahead", &Rules { platforms_ahead: [1, -1], ..Rules::ALONE })).await;
}

/// The replay, too, says something only if it notices.
#[tokio::test]
async fn a_model_that_keeps_other_rules_is_noticed() {
    const OTHERS: [&[Broken]; 6] = [
        &[Broken::ClaimIgnoresHold],
        &[Broken::IntentIgnoresHold, Broken::ClaimIgnoresHold, Broken::OldSightingCounts],
        &[Broken::OrphansBackToQueue],
        &[Broken::LeaseNeverEnds],
        &[Broken::LostReplyIsRefusal],
        &[Broken::OneLookAtOnce],
    ];
    for broken in OTHERS {
        let rules = Rules { broken, ..Rules::ALONE };
        let found = Box::pin(replay(&rules, (0..200).map(|seed| by_chance(&rules, seed)))).await;
        assert!(found.is_err(), "{broken:?} was not noticed in {found:?}");
    }
}
