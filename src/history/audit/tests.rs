use super::*;
use crate::history::testing::{Desk, MAX, ORGANISATION, VK, utc};

const NOON: &str = "2026-11-23T02:00:00Z";
const FIVE_HOURS_LATER: &str = "2026-11-23T07:00:00Z";

/// One post that is out everywhere, one that MAX refused, one that was cancelled, one that waits.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    desk.queue("Мост открыт", "Проезд свободен", utc(NOON)).await;
    desk.release(MAX, utc(NOON)).await;
    desk.release(VK, utc(FIVE_HOURS_LATER)).await;
    desk.queue("Опечатка", "x", utc("2026-11-23T08:00:00Z")).await;
    desk.reject(MAX, "текст не подходит", utc("2026-11-23T08:00:00Z")).await;
    let cancelled = desk.queue("Отменено", "y", utc("2026-11-23T09:00:00Z")).await;
    desk.store.cancel_post(cancelled, "Анна", "дата не та", utc("2026-11-23T09:00:00Z")).await.unwrap();
    desk.queue("Завтра", "z", utc("2026-11-24T09:00:00Z")).await;
    desk
}

async fn audit(desk: &Desk, expected: Option<Hash>) -> Audit {
    verify(&desk.store, expected, utc("2026-11-25T00:00:00Z")).await.unwrap()
}

/// Tampers, and gives what the check says.
async fn caught(statements: &'static [&'static str]) -> String {
    let desk = desk().await;
    desk.tamper(statements).await;
    let audit = audit(&desk, None).await;
    assert!(!audit.ok, "{statements:?} was not noticed:\n{audit}");
    assert!(audit.to_string().ends_with("verdict: broken\n"), "{audit}");
    audit.to_string()
}

#[tokio::test]
async fn an_honest_database_is_proven() {
    let desk = desk().await;
    let audit = audit(&desk, None).await;
    assert!(audit.ok, "{audit}");
    let chain = &audit.report.chains[0];
    assert_eq!((chain.chain.as_str(), chain.head), (ORGANISATION, desk.store.head(ORGANISATION).await.unwrap()));
    assert_eq!(chain.rule.nearest()[0].distance_seconds, Some(5 * 3600 - 1), "counted from the platform's 40 ms");
    let json = serde_json::to_value(&audit).unwrap();
    assert_eq!((&json["ok"], &json["chains"][0]["chain"]), (&true.into(), &ORGANISATION.into()));
}

#[tokio::test]
async fn edits_lost_answers_refusals_and_withdrawals_are_no_alarm() {
    let desk = Desk::new().await;
    let post = desk.queue("Мост открыт", "Проезд свободен", utc(NOON)).await;
    desk.lose_the_answer(MAX, utc(NOON)).await;
    let lost = desk.store.deliveries_of(post).await.unwrap().remove(0);
    assert!(audit(&desk, None).await.ok, "an attempt in doubt");
    desk.store.resolve_not_published(lost.id, "Анна", utc(NOON)).await.unwrap();
    desk.release(MAX, utc("2026-11-23T02:10:00Z")).await;
    desk.edit(post, "Мост открыт сегодня", utc("2026-11-23T03:00:00Z")).await;
    desk.release(MAX, utc("2026-11-23T03:00:00Z")).await;
    desk.release(VK, utc("2026-11-23T08:00:00Z")).await;
    assert!(audit(&desk, None).await.ok, "an edit");
    desk.edit(post, "Мост", utc("2026-11-23T09:00:00Z")).await;
    desk.reject(MAX, "правка не принята", utc("2026-11-23T09:00:00Z")).await;
    let refused = audit(&desk, None).await;
    assert!(refused.ok, "a refused edit\n{refused}");
    desk.store.withdraw_post(post, "Анна", "ошибка", utc("2026-11-23T10:00:00Z")).await.unwrap();
    desk.take_down(MAX, utc("2026-11-23T10:00:00Z")).await;
    desk.take_down(VK, utc("2026-11-23T10:00:00Z")).await;
    let withdrawn = audit(&desk, None).await;
    assert!(withdrawn.ok, "a withdrawal\n{withdrawn}");
}

#[tokio::test]
async fn a_noted_head_is_found_now_and_when_the_history_went_on() {
    let desk = desk().await;
    let head = desk.store.head(ORGANISATION).await.unwrap().hash;
    assert!(audit(&desk, Some(head)).await.to_string().contains("is the head of gorod"));
    desk.queue("Ещё", "w", utc("2026-11-24T10:00:00Z")).await;
    let later = audit(&desk, Some(head)).await;
    assert!(later.ok && later.to_string().contains("which has grown by 1 since"), "{later}");
    let unknown = audit(&desk, Some(Hash::of("another history"))).await;
    assert!(!unknown.ok && unknown.to_string().contains("IS NOT HERE"), "{unknown}");
}

#[tokio::test]
async fn a_cut_tail_is_noticed_by_the_head_and_by_the_rows() {
    let desk = desk().await;
    let head = desk.store.head(ORGANISATION).await.unwrap().hash;
    desk.tamper(&["DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"]).await;
    let audit = audit(&desk, Some(head)).await;
    assert!(!audit.ok && !audit.report.has_expected(), "{audit}");
    // Without a noted head, too: the post is there that the entry told of.
    assert!(audit.to_string().contains("no entry of the journal tells of it"), "{audit}");
    assert!(caught(&["DELETE FROM journal"]).await.contains("no entry of the journal"));
}

#[tokio::test]
async fn one_byte_of_an_entry() {
    let said = caught(&["UPDATE journal SET entry = replace(entry, 'Мост', 'Мыст') WHERE seq = 1"]).await;
    assert!(said.contains("entry 1: its content has the hash"), "{said}");
    let said = caught(&["UPDATE journal SET entry = entry || ' ' WHERE seq = (SELECT MAX(seq) FROM journal)"]).await;
    assert!(said.contains("cannot be read"), "{said}");
}

#[tokio::test]
async fn columns_beside_an_entry() {
    for (statement, column) in [
        (&["UPDATE journal SET at = at + 1 WHERE seq = 2"] as &'static [&'static str], "`at`"),
        (&["UPDATE journal SET kind = 'post.expired' WHERE seq = 2"], "`kind`"),
        (&["UPDATE journal SET channel = 'other' WHERE channel IS NOT NULL AND seq = 2"], "`channel`"),
        (&["UPDATE journal SET post = NULL WHERE seq = 2"], "`post`"),
        (&["UPDATE journal SET delivery = NULL WHERE seq = 2"], "`delivery`"),
        (&["UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 2"], "`hash`"),
        (&["UPDATE journal SET seq = 900 WHERE seq = 2"], "`seq`"),
        (&["UPDATE journal SET chain = 'other' WHERE seq = 2"], "`chain`"),
    ] {
        let said = caught(statement).await;
        assert!(said.contains(column), "{statement:?}: {said}");
    }
}

#[tokio::test]
async fn rows_changed_behind_our_back() {
    for (statement, told) in [
        (
            &["UPDATE attempt SET answer = '{\"ok\":false}'"] as &'static [&'static str],
            "the platform's answer is not the one",
        ),
        (&["UPDATE attempt SET answer_status = 201"], "the platform's answer is not the one"),
        (&["UPDATE attempt SET outcome = 'edited' WHERE outcome = 'published'"], "it is edited, and the journal tells"),
        (&["UPDATE attempt SET started_at = started_at - 1"], "it is not the one that the journal tells of"),
        (&["DELETE FROM attempt WHERE channel = 'gorod-vk'"], "the journal tells of it, and it is not in the database"),
        (
            &[
                "UPDATE delivery SET platform_time = platform_time + 1 WHERE channel = 'gorod-vk' AND state = 'published'",
            ],
            "`platform_time`",
        ),
        (
            &["UPDATE delivery SET published_at = published_at + 1 WHERE channel = 'gorod-vk' AND state = 'published'"],
            "`published_at`",
        ),
        (&["UPDATE delivery SET url = NULL WHERE channel = 'gorod-vk' AND state = 'published'"], "`url`"),
        (&["UPDATE delivery SET remote_id = 'z' WHERE channel = 'gorod-vk' AND state = 'published'"], "`remote_id`"),
        (&["UPDATE delivery SET state = 'withdrawn' WHERE state = 'published'"], "lacks its `delivery.retracted`"),
        (&["UPDATE delivery SET state = 'failed' WHERE state = 'cancelled'"], "lacks its `delivery.failed`"),
        (
            &[
                "UPDATE delivery SET state = 'queued', remote_id = NULL, shown_revision = NULL, published_at = NULL WHERE is_primary AND state = 'published'",
            ],
            "holds a receipt",
        ),
        (&["UPDATE revision SET content = replace(content, 'Проезд', 'Проход')"], "its content is not the one"),
        (&["DELETE FROM post WHERE id = (SELECT MIN(id) FROM post)"], "tells of it, and it is not in the database"),
        (&["UPDATE post SET revision = 2 WHERE id = (SELECT MIN(id) FROM post)"], "revision 2 is to be shown"),
    ] {
        let said = caught(statement).await;
        assert!(said.contains(told), "{statement:?}: {said}");
    }
}

#[tokio::test]
async fn one_chain_is_checked_by_itself() {
    let desk = desk().await;
    desk.queue_on("school", "school-max", &[], ("Каникулы", "До января"), utc("2026-11-23T09:00:00Z")).await;
    desk.tamper(&[
        "UPDATE delivery SET url = 'https://example.org/other' WHERE channel = 'gorod-vk' AND url IS NOT NULL",
    ])
    .await;
    let check = async |chain| {
        let progress = Progress::alone();
        let audit = verify_chain(&desk.store, chain, None, utc("2026-11-25T00:00:00Z"), &progress).await.unwrap();
        (audit.unwrap(), progress)
    };
    let (school, _) = check("school").await;
    assert!(school.ok, "another organisation's rows are none of its own: {school}");
    let (town, progress) = check(ORGANISATION).await;
    assert!(!town.ok && town.findings.len() == 1, "{town}");
    let head = desk.store.head(ORGANISATION).await.unwrap().seq;
    assert_eq!((progress.entries(), progress.posts()), ((head, head), 4));
}

#[tokio::test]
async fn a_check_that_is_stopped_has_no_result() {
    let desk = desk().await;
    let progress = Progress::alone();
    progress.stop();
    let now = utc("2026-11-25T00:00:00Z");
    assert_eq!(verify_chain(&desk.store, ORGANISATION, None, now, &progress).await.unwrap(), None);
}
