//! Copies of the history: whatever is in a file, vestnik and the script in Python come to the same verdict, in the same
//! words but for the wording of faults.
//!
//! After a first line `linked` the entries are linked anew before they are judged: a changed byte would otherwise end
//! at its hash, and the four-hour rule would never be reached.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use vestnik::history::export::{Line, Lines};
use vestnik::history::verify::{Proof, verify_export};
use vestnik::journal::{Entry, Head, Later, canonical};

const LINKED: &[u8] = b"linked\n";

thread_local! {
    static SCRIPT: std::cell::RefCell<Script> = std::cell::RefCell::new(Script::start());
}

/// Judges a copy.
pub fn check(input: &[u8]) {
    let linked = input.strip_prefix(LINKED).map(linked_anew);
    let copy = linked.as_deref().unwrap_or(input);
    let report = verify_export(copy, None).expect("memory can be read");
    if holds_other_addresses(copy) {
        return;
    }
    let (proven, said) = SCRIPT.with_borrow_mut(|script| script.judges(copy));
    assert_eq!(faultless(&said), faultless(&report.to_string()), "the script says {said}, vestnik {report}");
    assert_eq!(proven, report.proof() == Proof::Proven, "{said}");
    has_one_spelling(copy);
}

/// Whether a receipt names an address that vestnik would not write so: it refuses what is no address, and prints others
/// in their usual spelling. To the script an address is a text like any other.
fn holds_other_addresses(copy: &[u8]) -> bool {
    let text = String::from_utf8_lossy(copy);
    let entries = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut addresses = entries.filter_map(|entry| Some(entry.get("detail")?.get("url")?.as_str()?.to_owned()));
    addresses.any(|address| url::Url::parse(&address).map_or(true, |url| url.as_str() != address))
}

/// What is told but for faults, whose words may differ.
fn faultless(said: &str) -> Vec<&str> {
    said.lines().map(|line| line.split_once("fault: ").map_or(line, |(before, _)| before)).collect()
}

/// What was read is what is written, and can be taken up by an older copy of the database.
fn has_one_spelling(copy: &[u8]) {
    let mut lines = Lines::new(copy);
    let mut entries: Vec<Entry> = Vec::new();
    let mut written = String::new();
    while let Ok(Some(line)) = lines.next_line() {
        match line {
            Line::Header(header) => written.push_str(&header.line()),
            Line::Entry(entry) => {
                written.push_str(&entry.line());
                entries.push(*entry);
            }
        }
        written.push('\n');
    }
    assert!(copy.starts_with(written.as_bytes()), "{written}");
    if let Some(last) = entries.last() {
        let mut later = Later::ending_with(last);
        entries.iter().rev().for_each(|entry| later.take(entry));
        assert!(later.in_order().posts.values().all(|post| post.standing().len() <= entries.len()));
    }
}

/// The entries with numbers and hashes that follow from each other, and heads that fit.
fn linked_anew(copy: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(copy);
    let mut lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut head: Option<(usize, String, Head)> = None;
    for at in 0..lines.len() {
        if lines[at].get("vestnik_export").is_some() {
            let chain = lines[at]["chain"].as_str().unwrap_or_default().to_owned();
            head = Some((at, chain.clone(), Head::genesis(&chain)));
        } else if let Some((_, chain, before)) = &mut head
            && let Some(fields) = lines[at].as_object_mut()
        {
            before.seq += 1;
            fields.insert("chain".into(), chain.as_str().into());
            fields.insert("prev".into(), before.hash.to_string().into());
            fields.insert("seq".into(), before.seq.into());
            fields.remove("hash");
            before.hash = vestnik::journal::Hash::of(spelt(&Value::Object(fields.clone())));
            fields.insert("hash".into(), before.hash.to_string().into());
        }
        if let Some((header, _, now)) = &head
            && lines[*header]["head"].is_object()
        {
            lines[*header]["head"] = serde_json::json!({ "hash": now.hash.to_string(), "seq": now.seq });
        }
    }
    lines.iter().flat_map(|line| [spelt(line).into_bytes(), b"\n".to_vec()].concat()).collect()
}

fn spelt(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(fields) => canonical::write_object(&mut out, fields),
        other => out.push_str(&other.to_string()),
    }
    out
}

/// `docs/verify_export.py`, kept running: a start takes longer than a verdict.
struct Script {
    _process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    copy: PathBuf,
    _folder: TempDir,
}

impl Script {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let copy = folder.path().join("history.jsonl");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|at| at.join("docs/verify_export.py"));
        let script = script.into_iter().find(|path| path.is_file()).expect("docs/verify_export.py");
        // Without site packages: nothing but the standard library is there.
        let mut python = Command::new("python3");
        python.args(["-I", "-S", "-c", include_str!("outsider.py")]).arg(script).arg(&copy);
        let mut process = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 is needed");
        let orders = process.stdin.take().expect("piped");
        let answers = BufReader::new(process.stdout.take().expect("piped"));
        Self { _process: process, orders, answers, copy, _folder: folder }
    }

    /// Whether the script calls it proven, and what it says.
    fn judges(&mut self, copy: &[u8]) -> (bool, String) {
        std::fs::write(&self.copy, copy).expect("the folder can be written to");
        self.orders.write_all(b"\n").expect("the script listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the script answers");
        let (status, length) = line.trim_end().split_once(' ').expect("a status and a length: it fell over");
        let mut said = vec![0; length.parse().expect("a length")];
        self.answers.read_exact(&mut said).expect("what it said");
        (status == "0", String::from_utf8(said).expect("it speaks UTF-8"))
    }
}
