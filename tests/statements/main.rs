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

/// What grows with the years is never read whole while posts are released: only what the index of the matter holds.
#[tokio::test]
async fn no_round_and_no_delivery_reads_a_whole_history() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("vestnik.db");
    vestnik::store::Store::open(&place).await.unwrap().close().await;
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{}", place.display())).await.unwrap();
    let of_a_round = |name: &str| {
        let (module, statement) = name.split_once("::").unwrap();
        matches!(module, "attempt" | "attempt_row" | "changes" | "claim" | "confirm" | "rows" | "settle")
            // What people wait for: a page of the desk is as quick in its hundredth year.
            || matches!(module, "calendar" | "week")
            || matches!(
                (module, statement),
                ("doubt", "ORPHANS" | "DUE_LOOKS" | "KNOWN")
                    | ("journal", "APPEND" | "HEAD" | "NOTE_DAYS")
                    | ("unsent", "EXPIRED_POSTS" | "SET_LOOKED_AT")
                    | ("channel", "PUBLISHED_SINCE")
            )
    };
    let mut whole = Vec::new();
    for (name, sql) in vestnik::store::STATEMENTS.iter().filter(|(name, _)| of_a_round(name)) {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
        for (.., step) in plan {
            let table = step.strip_prefix("SCAN ").and_then(|s| s.split(' ').next()).unwrap_or_default();
            // Channels are few, parameters are what was asked for; an index of open matters alone is short, too.
            let short = ["c", "channel", "q", "n", "t", "value", "json_each", "constant", "(subquery-1)"];
            // Written into every insertion of a parent, and done only after a child came first, which none may.
            let of_a_foreign_key = (*name, &*step) == ("changes::INSERT_HOLDS", "SCAN attempt");
            let of_open_matters = ["attempt_unsettled", "attempt_to_look_at"].iter().any(|index| step.contains(index));
            if !table.is_empty()
                && !short.contains(&table)
                && !table.starts_with("(subquery")
                && !of_open_matters
                && !of_a_foreign_key
            {
                whole.push(format!("{name}: {step}"));
            }
        }
    }
    assert!(whole.is_empty(), "{}", whole.join("\n"));
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
            let is_sql = ["SELECT", "INSERT", "UPDATE", "DELETE", "doubts_where!", "rows!"]
                .iter()
                .any(|word| value.starts_with(word));
            let listed = vestnik::store::STATEMENTS.iter().any(|(known, _)| *known == format!("{module}::{name}"));
            if is_sql && !listed {
                missing.push(format!("{module}::{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "not in src/store/statements.rs: {missing:?}");
}

/// What the program never does, the database does not let anybody do by an ordinary statement.
#[tokio::test]
async fn rows_keep_their_place_and_holds_need_a_confirmed_primary() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("vestnik.db");
    vestnik::store::Store::open(&place).await.unwrap().close().await;
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{}", place.display())).await.unwrap();
    let rows = "INSERT INTO organisation VALUES ('gorod', 'Город', 'Europe/Moscow');
        INSERT INTO channel (slug, organisation, platform, is_primary) VALUES ('m', 'gorod', 'max', 1), ('v', 'gorod', 'vk', 0);
        INSERT INTO post (id, organisation, revision, created_at, created_by, request_sha256) VALUES ('p', 'gorod', 1, 0, 'a', '');
        INSERT INTO revision VALUES ('p', 1, '{}', 't', printf('%064d', 0), 0, 'a');
        INSERT INTO delivery (id, post, organisation, channel, is_primary, state, planned_at) VALUES
            ('dm', 'p', 'gorod', 'm', 1, 'queued', 0), ('dv', 'p', 'gorod', 'v', 0, 'waiting', 0)";
    connection.execute(rows).await.unwrap();
    let attempt = "INSERT INTO attempt (id, delivery, channel, number, action, revision, started_at, content_sha256, \
                   lease_by, lease_until, state) VALUES ('a', 'dv', 'v', 1, 'publish', 1, 9, '', 'x', 9, 'open')";
    for (statement, refusal) in [
        ("UPDATE delivery SET is_primary = 1, state = 'queued' WHERE id = 'dv'", "its role"),
        ("DELETE FROM delivery", "never deleted"),
        ("UPDATE revision SET title = 'x'", "never changed"),
        ("INSERT INTO hold VALUES (1, 'p', 1, 'dm', 0, 14400, 0, 14400000000, 'running')", "a confirmed primary"),
        (attempt, "has not passed"),
    ] {
        let refused = connection.execute(statement).await.unwrap_err().to_string();
        assert!(refused.contains(refusal), "{statement}: {refused}");
    }
}
