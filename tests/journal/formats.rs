//! What the copies look like.

use vestnik::history::export::{Format, Header, ReadError, Writer, read_export};
use vestnik::journal::{Entry, INSTALLATION};

use crate::example::{Journal, history, write};

#[test]
fn an_export_reads_back_as_it_was_written() {
    let journal = history();
    let export = read_export(journal.export().as_slice()).unwrap();
    assert_eq!(export.sections.len(), 1);
    assert_eq!(export.sections[0].header, journal.header());
    assert_eq!(export.sections[0].entries, journal.entries);
}

#[test]
fn a_file_of_another_kind_is_named_as_such() {
    for file in ["", "at,chain,seq\n", "[\n", "\u{feff}{\"chain\":1}\n", "{\"actor\":1}\n"] {
        let error = read_export(file.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("make one with `vestnik history --format jsonl`"), "{error}");
    }
    let newer =
        String::from_utf8(history().export()).unwrap().replacen("\"vestnik_export\":1", "\"vestnik_export\":2", 1);
    let Err(ReadError::Line(error)) = read_export(newer.as_bytes()) else { panic!("a newer form was read") };
    assert_eq!(
        error.to_string(),
        "line 1: the export has form 2, this program reads form 1; verify it with a newer one"
    );
}

#[test]
fn json_holds_the_same() {
    let (journal, second) = (history(), Journal::new(INSTALLATION));
    let mut writer = Writer::new(Format::Json, Vec::new()).unwrap();
    for chain in [&journal, &second] {
        writer.begin(&chain.header()).unwrap();
        chain.entries.iter().for_each(|entry| writer.push(entry, None).unwrap());
    }
    let document: serde_json::Value = serde_json::from_slice(&writer.finish().unwrap()).unwrap();
    let header: Header = serde_json::from_value(document[0]["header"].clone()).unwrap();
    assert_eq!(header, journal.header());
    let entries = document[0]["entries"].as_array().unwrap();
    let read: Vec<Entry> = entries.iter().map(|e| Entry::parse(&e.to_string()).unwrap()).collect();
    assert_eq!(read, journal.entries);
    assert_eq!(document[1]["entries"], serde_json::json!([]));
    let nothing = Writer::new(Format::Json, Vec::new()).unwrap().finish().unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&nothing).unwrap(), serde_json::json!([]));
}

#[test]
fn the_table_has_a_row_for_each_entry_and_runs_nothing() {
    let journal = history();
    let table = write(Format::Csv, &journal.header(), &journal.entries);
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let columns = reader.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|c| c == name).unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), journal.entries.len());
    let distances: Vec<_> = rows.iter().map(|r| &r[column("distance_seconds")]).filter(|d| !d.is_empty()).collect();
    assert_eq!(distances, ["14459", "14400", "29989", "14459"]);
    assert!(rows.iter().any(|r| &r[column("remote_id")] == "'-100_1"));
    for (row, entry) in rows.iter().zip(&journal.entries) {
        assert_eq!(row[column("hash")], entry.hash.to_string());
    }
}
