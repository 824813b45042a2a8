//! The fuzz targets (`fuzz/`) as ordinary tests: every input of the corpora, then changed ones for a moment.
//!
//! `VESTNIK_FUZZ_SECONDS` says how long for each target (1 unless set). The order is the same in every run.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

mod mutator;
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use mutator::Mutator;

const SECONDS: &str = "VESTNIK_FUZZ_SECONDS";

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Calls the target, and shows the input that a property does not hold for.
fn put_to(target: &str, check: targets::Check, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(input))) {
        eprintln!("{target} does not take: b\"{}\"", input.escape_ascii());
        resume_unwind(panic);
    }
}

fn fuzz(target: &str) {
    let check = targets::TARGETS.iter().find(|(name, _)| *name == target).unwrap().1;
    let corpus = corpus(target);
    corpus.iter().for_each(|input| put_to(target, check, input));
    let seconds = std::env::var(SECONDS).map_or(1.0, |text| text.parse().unwrap());
    let (start, long) = (Instant::now(), Duration::from_secs_f64(seconds));
    let mut mutator = Mutator::new(&corpus, 20_261_122);
    let mut inputs = corpus.len();
    while start.elapsed() < long {
        put_to(target, check, &mutator.next());
        inputs += 1;
    }
    println!("{target}: {inputs} inputs");
}

#[test]
fn post_files_are_read_or_refused_by_line_and_key() {
    fuzz("post_file");
}

#[test]
fn posts_are_shown_within_limits_and_without_markup_of_strangers() {
    fuzz("render");
}

#[test]
fn uploads_become_whole_files_or_leave_nothing() {
    fuzz("upload");
}

#[test]
fn configurations_are_read_or_refused_by_key() {
    fuzz("config");
}

#[test]
fn copies_of_the_history_are_judged_alike_by_vestnik_and_the_script() {
    fuzz("history");
}

#[test]
fn answers_of_max_prove_what_they_say_and_no_more() {
    fuzz("max");
}

#[test]
fn answers_of_vk_prove_what_they_say_and_no_more() {
    fuzz("vk");
}

#[test]
fn answers_of_ok_prove_what_they_say_and_no_more() {
    fuzz("ok");
}

#[test]
fn answers_of_wordpress_prove_what_they_say_and_no_more() {
    fuzz("wordpress");
}

#[test]
fn answers_of_a_receiver_prove_what_they_say_and_no_more() {
    fuzz("webhook");
}

#[test]
fn pages_of_a_site_prove_what_they_say_and_no_more() {
    fuzz("manual");
}
