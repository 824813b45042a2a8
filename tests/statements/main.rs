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
        matches!(module, "attempt" | "attempt_row" | "changes" | "claim" | "confirm" | "round" | "rows" | "settle")
            // What people wait for: a page of the desk is as quick in its hundredth year.
            || matches!(module, "attention" | "calendar" | "list" | "read" | "upcoming" | "week")
            // Making the index anew reads it whole, and nobody waits for that.
            || (module == "journal_index" && !statement.starts_with("FORGET"))
            || matches!(
                (module, statement),
                ("doubt", "ORPHANS" | "DUE_LOOKS" | "KNOWN")
                    | ("journal", "APPEND" | "HEAD" | "NOTE_DAYS" | "OF_POST" | "OF_POSTS")
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
            let short = [
                "c",
                "channel",
                "q",
                "n",
                "t",
                "value",
                "json_each",
                "journal_index",
                "constant",
                "CONSTANT",
                "(subquery-1)",
            ];
            // Written into every insertion of a parent, and done only after a child came first, which none may.
            let of_a_foreign_key = (*name, &*step) == ("changes::INSERT_HOLDS", "SCAN attempt");
            let of_open_matters =
                ["attempt_unsettled", "attempt_to_look_at", "draft_open"].iter().any(|index| step.contains(index));
            // A full-text index is scanned for what it was asked.
            let of_words = step.starts_with("SCAN w VIRTUAL TABLE");
            if !table.is_empty()
                && !short.contains(&table)
                && !table.starts_with("(subquery")
                && !of_open_matters
                && !of_words
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
            let is_sql = [
                "SELECT",
                "INSERT",
                "UPDATE",
                "DELETE",
                "doubts_where!",
                "due_looks!",
                "orphans!",
                "expired_posts!",
                "rows!",
            ]
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

/// A database of an earlier version: what its stops are about is read out of their sentences once.
#[tokio::test]
async fn the_stops_of_earlier_versions_get_their_kind() {
    let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let mut migrations: Vec<_> =
        std::fs::read_dir("migrations/sqlite").unwrap().map(|file| file.unwrap().path()).collect();
    migrations.sort();
    let (earlier, later): (Vec<_>, Vec<_>) =
        migrations.into_iter().partition(|path| path.file_name().unwrap().to_str().unwrap() < "0012");
    let run = async |connection: &mut sqlx::SqliteConnection, files: &[std::path::PathBuf]| {
        for file in files {
            let sql = std::fs::read_to_string(file).unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *connection).await.unwrap();
        }
    };
    run(&mut connection, &earlier).await;
    let rows = "INSERT INTO organisation VALUES ('gorod', 'Город', 'Europe/Moscow');
        INSERT INTO channel (slug, organisation, platform, is_primary) VALUES ('m', 'gorod', 'max', 1), ('v', 'gorod', 'vk', 0);
        INSERT INTO post (id, organisation, revision, created_at, created_by, request_sha256) VALUES ('p', 'gorod', 1, 0, 'a', '')";
    connection.execute(rows).await.unwrap();
    let stops = [
        ("the edit was refused: the post on channel `m` was deleted", "edit_refused"),
        ("the withdrawal was refused: may be out already", "withdrawal_refused"),
        (
            "the database was restored from a copy that does not hold the newest text and times of this post",
            "text_lost",
        ),
        ("it was queued before vestnik started and may be out already: 2 posts are alike", "maybe_out"),
        ("the post on channel `m` was taken down by hand", "primary_gone"),
        ("the post on channel `m` reads differently than announced", "primary_differs"),
        ("vestnik cannot see whether the post on channel `m` still stands", "primary_unseen"),
        ("a person does this by hand", "by_hand"),
        ("unknown outcome: timeout", "unknown_outcome"),
        ("revision p: EOF while parsing a value", "row_broken"),
    ];
    for (nth, (reason, _)) in stops.iter().enumerate() {
        let stopped = "INSERT INTO delivery (id, post, organisation, channel, is_primary, number, state, planned_at, \
                       stop_reason, stop_todo) VALUES ($1, 'p', 'gorod', 'v', 0, $2, 'waiting', 0, $3, '')";
        let number = i64::try_from(nth).unwrap() + 1;
        sqlx::query(stopped).bind(format!("d{nth}")).bind(number).bind(reason).execute(&mut connection).await.unwrap();
    }
    let goes_on = "INSERT INTO delivery (id, post, organisation, channel, is_primary, state, planned_at) \
                   VALUES ('m', 'p', 'gorod', 'm', 1, 'queued', 0)";
    connection.execute(goes_on).await.unwrap();
    run(&mut connection, &later).await;
    let kinds: Vec<(String, String)> =
        sqlx::query_as("SELECT stop_reason, stop_kind FROM delivery WHERE stop_reason IS NOT NULL ORDER BY number")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(kinds, stops.map(|(reason, kind)| (reason.to_owned(), kind.to_owned())));
    for (statement, refusal) in [
        ("UPDATE delivery SET stop_reason = 'x', stop_todo = 'y' WHERE id = 'm'", "a kind of reason"),
        ("UPDATE delivery SET stop_kind = 'maybe_out' WHERE id = 'm'", "CHECK"),
        ("UPDATE delivery SET stop_kind = 'other' WHERE id = 'd0'", "CHECK"),
    ] {
        let refused = connection.execute(statement).await.unwrap_err().to_string();
        assert!(refused.contains(refusal), "{statement}: {refused}");
    }
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
