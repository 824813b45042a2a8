use super::*;
use crate::history::testing::{Desk, MAX, ORGANISATION, VK, utc};

const NOON: &str = "2026-11-23T02:00:00Z";

/// The bridge is out on MAX and VK, the clean-up was refused by MAX; the school queued one post between them.
async fn desk() -> (Desk, PostId) {
    let desk = Desk::new().await;
    let bridge = desk.queue("Мост открыт", "Проезд по Зелёной улице свободен", utc(NOON)).await;
    desk.release(MAX, utc(NOON)).await;
    desk.queue_on("school", "school-max", &[], ("Каникулы", "До января"), utc("2026-11-23T03:00:00Z")).await;
    desk.release(VK, utc("2026-11-23T06:01:01Z")).await;
    desk.queue("Субботник", "У моста, всем", utc("2026-11-23T08:00:00Z")).await;
    desk.reject(MAX, "слишком длинно", utc("2026-11-23T08:00:00Z")).await;
    (desk, bridge)
}

fn of(chains: &[&str]) -> Question {
    let asked = |chain: &&str| Asked { chain: (*chain).into(), from: None, to: None };
    Question { chains: chains.iter().map(asked).collect(), ..Question::default() }
}

type Place = (String, u64);

fn places(found: &Found) -> Vec<Place> {
    found.rows.iter().map(|row| (row.row.chain.clone(), row.seq())).collect()
}

async fn all(desk: &Desk, question: &Question) -> Vec<FoundRow> {
    newest(&desk.store, question, None, 1_000).await.unwrap().rows
}

#[tokio::test]
async fn pages_lead_through_everything_and_back() {
    let (desk, _) = desk().await;
    let question = of(&[ORGANISATION, "school"]);
    let whole = newest(&desk.store, &question, None, 1_000).await.unwrap();
    assert!(whole.rows.is_sorted_by(|a, b| a.row.at >= b.row.at) && whole.newer.is_none() && whole.older.is_none());
    let mut page = newest(&desk.store, &question, None, 3).await.unwrap();
    let mut pages = vec![places(&page)];
    while let Some(older) = &page.older {
        let older = Cursor::read(&older.to_string()).unwrap();
        page = newest(&desk.store, &question, Some(&older), 3).await.unwrap();
        pages.push(places(&page));
    }
    assert!(pages.len() > 3 && pages.iter().all(|page| !page.is_empty()));
    assert_eq!(pages.concat(), places(&whole));
    for expected in pages.iter().rev().skip(1) {
        page = newest(&desk.store, &question, page.newer.as_ref(), 3).await.unwrap();
        assert_eq!(places(&page), *expected);
    }
    assert_eq!(page.newer, None, "the newest page has no way up");
}

#[tokio::test]
async fn what_happens_meanwhile_moves_no_page() {
    let (desk, _) = desk().await;
    let question = of(&[ORGANISATION]);
    let first = newest(&desk.store, &question, None, 3).await.unwrap();
    let before = newest(&desk.store, &question, first.older.as_ref(), 3).await.unwrap();
    desk.queue("Новое", "потом", utc("2026-11-24T08:00:00Z")).await;
    let after = newest(&desk.store, &question, first.older.as_ref(), 3).await.unwrap();
    assert_eq!(places(&before), places(&after));
}

#[tokio::test]
async fn words_are_found_in_all_their_forms() {
    let (desk, bridge) = desk().await;
    let find = async |words: &str| all(&desk, &Question { words: Some(words.into()), ..of(&[ORGANISATION]) }).await;
    for words in ["моста", "Мостом", "ОТКРЫТ мосту", "зеленая улица", "«зелёной улице»"]
    {
        let found = find(words).await;
        assert!(found.iter().any(|row| row.row.post == Some(bridge.to_string())), "{words}");
    }
    assert!(find("«улица зелёная»").await.is_empty(), "a phrase keeps its order");
    assert!(find("мост каникулы").await.is_empty(), "all words have to occur");
    assert!(find("длинно").await.iter().all(|row| row.row.kind != "post.queued"));
    assert!(!find("длинно").await.is_empty());
    assert!(find("\" OR 1 --").await.is_empty());
}

#[tokio::test]
async fn what_is_chosen_narrows_the_answer() {
    let (desk, bridge) = desk().await;
    let all_of = async |question: Question| all(&desk, &question).await;
    let on_vk = all_of(Question { channel: Some(VK.into()), ..of(&[ORGANISATION]) }).await;
    assert!(!on_vk.is_empty() && on_vk.iter().all(|row| row.row.channel.as_deref() == Some(VK)));
    let published = all_of(Question { kind: Some("delivery.published".into()), ..of(&[ORGANISATION]) }).await;
    assert_eq!(published.len(), 2);
    assert_eq!(published[0].distance_seconds, Some(4 * 3600 + 60));
    assert_eq!(published[0].title.as_deref(), Some("Мост открыт"));
    let of_deliveries = all_of(Question { kind: Some("delivery".into()), ..of(&[ORGANISATION]) }).await;
    assert!(of_deliveries.len() > 2 && of_deliveries.iter().all(|row| row.row.kind.starts_with("delivery.")));
    let by_anna = all_of(Question { person: Some("Анна".into()), ..of(&[ORGANISATION]) }).await;
    assert_eq!(by_anna.iter().filter(|row| row.row.kind == "post.queued").count(), 2);
    let of_post = all_of(Question { post: Some(bridge), ..of(&[ORGANISATION, "school"]) }).await;
    assert_eq!(of_post.len(), desk.store.journal_of_post(bridge).await.unwrap().len());
    let failed = all_of(Question { state: Some(State::Failed), ..of(&[ORGANISATION]) }).await;
    assert!(!failed.is_empty() && failed.iter().all(|row| row.title.as_deref() == Some("Субботник")));
}

#[tokio::test]
async fn a_period_is_that_of_each_chain() {
    let (desk, _) = desk().await;
    let mut question = of(&[ORGANISATION, "school"]);
    question.chains[0].from = Some(utc("2026-11-23T06:00:00Z"));
    question.chains[0].to = Some(utc("2026-11-23T08:00:00Z"));
    question.chains[1].from = Some(utc("2026-11-25T00:00:00Z"));
    let found = all(&desk, &question).await;
    assert!(!found.is_empty() && found.iter().all(|row| row.row.channel.as_deref() == Some(VK)), "{found:?}");
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_shown_all_the_same() {
    let (desk, _) = desk().await;
    desk.tamper(&["UPDATE journal SET entry = replace(entry, '\"seq\":1}', '\"seq\": 1}') WHERE seq = 1"]).await;
    let found = all(&desk, &of(&[ORGANISATION])).await;
    assert!(found.last().is_some_and(|row| row.seq() == 1 && row.entry.is_none()));
    assert!(found.iter().rev().skip(1).all(|row| row.entry.is_some()));
}
