use super::*;
use crate::history::testing::{Desk, MAX, ORGANISATION, VK, utc};
use crate::history::verify::Proof;

async fn desk() -> Desk {
    let desk = Desk::new().await;
    desk.queue("Мост открыт", "Проезд свободен", utc("2026-11-23T02:00:00Z")).await;
    desk.release(MAX, utc("2026-11-23T02:00:00Z")).await;
    desk.release(VK, utc("2026-11-23T07:00:00Z")).await;
    desk.queue_on("school", "school-max", &[], ("Каникулы", "До января"), utc("2026-11-23T09:00:00Z")).await;
    desk
}

async fn copy(desk: &Desk, filter: Filter, format: Format) -> (u64, Vec<u8>) {
    let mut out = Vec::new();
    let count = take(&desk.store, filter, format, "Пётр", utc("2026-11-24T00:00:00Z"), &mut out).await.unwrap();
    (count, out)
}

#[tokio::test]
async fn a_whole_copy_of_several_organisations_is_proven() {
    let desk = desk().await;
    let (count, bytes) = copy(&desk, Filter::default(), Format::JsonLines).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("history.jsonl");
    std::fs::write(&file, &bytes).unwrap();
    let head = desk.store.head(ORGANISATION).await.unwrap();
    let report = verify_file(&file, Some(head.hash)).unwrap();
    assert_eq!((report.proof(), report.chains.len()), (Proof::Proven, 2), "{report}");
    assert_eq!(count, report.chains.iter().map(|chain| chain.entries).sum::<u64>());
}

#[tokio::test]
async fn a_chosen_part_says_what_was_chosen() {
    let desk = desk().await;
    let filter = Filter { channel: Some(VK.into()), text: Some("мост".into()), ..Filter::default() };
    let (_, bytes) = copy(&desk, filter, Format::JsonLines).await;
    let report = verify_export(bytes.as_slice(), None).unwrap();
    assert_eq!((report.proof(), report.chains.len()), (Proof::Part, 1), "{report}");
    assert_eq!(report.chains[0].filter.as_deref(), Some("channel gorod-vk, text мост"));
}

#[tokio::test]
async fn table_spreadsheet_and_proof_tell_the_same_distance() {
    let desk = desk().await;
    let proof = crate::history::audit::verify(&desk.store, None, utc("2026-11-24T00:00:00Z")).await.unwrap();
    let proven = proof.report.chains[0].rule.nearest()[0].distance_seconds.unwrap();
    assert_eq!(proven, 4 * 3600 + 59 * 60 + 59, "5 hours less the 40 ms that MAX took");
    // The primary is not in the copy.
    let of_vk = || Filter { channel: Some(VK.into()), ..Filter::default() };
    let (_, bytes) = copy(&desk, of_vk(), Format::Csv).await;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let column = reader.headers().unwrap().iter().position(|c| c == "distance_seconds").unwrap();
    let rows: Vec<_> = reader.records().map(|row| row.unwrap()[column].to_owned()).collect();
    assert_eq!(rows.iter().filter(|d| !d.is_empty()).collect::<Vec<_>>(), [&proven.to_string()]);
    let mut table = Vec::new();
    crate::history::search::write_table(&desk.store, of_vk(), chrono_tz::UTC, &mut table).await.unwrap();
    assert!(String::from_utf8(table).unwrap().contains("4:59:59"));
}

#[tokio::test]
async fn who_took_a_copy_stands_in_each_chain() {
    let desk = desk().await;
    copy(&desk, Filter { organisation: Some("school".into()), ..Filter::default() }, Format::Csv).await;
    let entry = desk.store.journal_last("school").await.unwrap().unwrap().entry().unwrap();
    assert_eq!((entry.kind.as_str(), entry.actor.as_str()), ("history.exported", "Пётр"));
    assert_eq!(entry.detail["format"], "csv");
    let town = desk.store.journal_last(ORGANISATION).await.unwrap().unwrap();
    assert_ne!(town.kind, "history.exported", "nobody took a copy of this chain");
}

#[test]
fn what_may_never_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for path in [Path::new("/dev/zero"), folder.path()] {
        let error = verify_file(path, None).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{} is not a regular file", path.display())), "{error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = verify_file(Path::new("/nowhere/history.jsonl"), None).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/history.jsonl cannot be read: "), "{error}");
}
