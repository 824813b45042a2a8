//! Every statement of the store is prepared on a migrated database: a wrong column or word is found here, not at the
//! officer's.

use sqlx::{Connection as _, Executor as _, SqlSafeStr as _};

#[tokio::test]
async fn every_statement_can_be_prepared_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("vestnik.db");
    vestnik::store::Store::open(&place).await.unwrap().close().await;
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{}", place.display())).await.unwrap();
    let mut wrong = Vec::new();
    for (name, sql) in vestnik::store::STATEMENTS {
        if let Err(error) = (&mut connection).prepare((*sql).into_sql_str()).await {
            wrong.push(format!("{name}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The list is made by hand: a statement that is forgotten in it would not be prepared.
#[test]
fn every_statement_of_the_store_is_on_the_list() {
    let mut missing = Vec::new();
    for file in std::fs::read_dir("src/store").unwrap() {
        let path = file.unwrap().path();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for (start, _) in text.match_indices("const ") {
            let Some((head, value)) = text[start + "const ".len()..].split_once('=') else { continue };
            let Some(name) = head.strip_suffix(": &str ") else { continue };
            let value = value.trim_start().trim_start_matches("concat!(").trim_start().trim_start_matches('"');
            let is_sql =
                ["SELECT", "INSERT", "UPDATE", "DELETE", "doubts_where!"].iter().any(|word| value.starts_with(word));
            let listed = vestnik::store::STATEMENTS.iter().any(|(known, _)| *known == format!("{module}::{name}"));
            if is_sql && !listed {
                missing.push(format!("{module}::{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "not in src/store/statements.rs: {missing:?}");
}
