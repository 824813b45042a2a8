//! Whole HTTP answers of a platform, and what an adapter makes of them.
//!
//! The first letter says what is asked ([`Question`]); after it come the answers, parted by a line `====`, the last one
//! for ever; `{here}` stands for the server's own address.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use uuid::Uuid;
use vestnik::domain::{Hold, HoldLength};
use vestnik::post_file::ResolvedPost;
use vestnik_contract::{
    Adapter, AdapterError, DeliveryKey, Evidence, Found, Health, Prepared, Presence, PublishError, Purpose, Receipt,
    RemoteId, RemotePost, Rendered, Shown, Sighting, Told,
};

use super::office::{Office, SECRETS, content_for, now};

thread_local! {
    static OFFICE: Office = Office::open();
}

/// What is asked, by the letter that names it.
const QUESTIONS: [(u8, Question); 14] = [
    (b'p', Question::Publish { picture: false }),
    (b'P', Question::Publish { picture: true }),
    (b'e', Question::Edit { picture: false }),
    (b'E', Question::Edit { picture: true }),
    (b'f', Question::Find { prepared: false }),
    (b'F', Question::Find { prepared: true }),
    (b's', Question::Presence),
    (b'r', Question::Retract),
    (b'l', Question::Feed),
    (b'c', Question::Check),
    (b't', Question::Clock),
    (b'a', Question::AtAddress),
    (b'k', Question::KeepAlive),
    // Twice, so that any letter is a question and most are calls that readers see.
    (b'\n', Question::Publish { picture: false }),
];

#[derive(Debug, Clone, Copy)]
enum Question {
    Publish { picture: bool },
    Edit { picture: bool },
    Find { prepared: bool },
    Presence,
    Retract,
    Feed,
    Check,
    Clock,
    AtAddress,
    KeepAlive,
}

/// What an adapter made of the answers.
#[derive(Debug)]
enum Outcome {
    Unprepared(PublishError),
    Published(Result<Receipt, PublishError>),
    Edited(Result<Receipt, PublishError>),
    Found(Result<Found, AdapterError>),
    Seen(Result<Sighting, AdapterError>),
    Retracted(Result<(), PublishError>),
    Listed(Result<Vec<RemotePost>, AdapterError>),
    Examined(Result<Health, AdapterError>),
    Told(Option<AdapterError>),
    Behind(Result<(RemoteId, Sighting), AdapterError>),
}

/// Asks one thing of a platform and gives it these answers.
pub fn check(platform: &str, input: &[u8]) {
    let Some((letter, answers)) = input.split_first() else { return };
    let named = QUESTIONS.iter().find(|(name, _)| name == letter).map(|(_, question)| *question);
    let question = named.unwrap_or(QUESTIONS[usize::from(*letter) % QUESTIONS.len()].1);
    let answers = answers.strip_prefix(b"\n").unwrap_or(answers);
    OFFICE.with(|office| {
        let adapter = office.adapter(office.channel(platform));
        let outcome = office.wire.answering(answers, ask(question, platform, office, &adapter));
        let renewed = matches!(question, Question::KeepAlive).then(|| format!("{outcome:?}")).unwrap_or_default();
        assert!(!SECRETS.iter().any(|(_, secret)| renewed.contains(secret)), "{renewed}");
        Case { platform, said: &Said::by(answers) }.holds(&outcome);
    });
}

async fn ask(question: Question, platform: &str, office: &Office, adapter: &Arc<dyn Adapter>) -> Outcome {
    let id = RemoteId(known_id(platform, &office.wire.here()));
    let key = DeliveryKey { delivery: Uuid::from_u128(7), revision: 1 };
    match question {
        Question::Publish { picture } => {
            match adapter.prepare(&post(office, platform, adapter, picture), &key, Purpose::Publish, None).await {
                Ok(prepared) => Outcome::Published(adapter.publish(&prepared).await),
                Err(error) => Outcome::Unprepared(error),
            }
        }
        Question::Edit { picture } => {
            match adapter.prepare(&post(office, platform, adapter, picture), &key, Purpose::Edit(&id), None).await {
                Ok(prepared) => Outcome::Edited(adapter.edit(&id, &prepared).await),
                Err(error) => Outcome::Unprepared(error),
            }
        }
        Question::Find { prepared: false } => {
            let post = post(office, platform, adapter, false);
            let prepared = Prepared { key, post, at: now() - TimeDelta::hours(1), notes: Value::Null };
            Outcome::Found(adapter.find(&prepared, &[]).await)
        }
        Question::Find { prepared: true } => {
            match adapter.prepare(&post(office, platform, adapter, false), &key, Purpose::Publish, None).await {
                Ok(prepared) => Outcome::Found(adapter.find(&prepared, &[]).await),
                Err(error) => Outcome::Unprepared(error),
            }
        }
        Question::Presence => Outcome::Seen(adapter.presence(&id).await),
        Question::Retract => Outcome::Retracted(adapter.retract(&id).await),
        Question::Feed => Outcome::Listed(adapter.feed(now() - TimeDelta::days(7)).await),
        Question::Check => Outcome::Examined(adapter.check().await),
        Question::Clock => Outcome::Told(adapter.clock().await.err()),
        Question::AtAddress => {
            let address = known_address(platform, &office.wire.here()).parse().expect("an address");
            Outcome::Behind(adapter.at_address(&address).await)
        }
        Question::KeepAlive => Outcome::Told(adapter.keep_alive().await.err()),
    }
}

/// What is published: «Мост «Северный» открыт», with or without a picture.
fn post(office: &Office, platform: &str, adapter: &Arc<dyn Adapter>, picture: bool) -> Rendered {
    let post = ResolvedPost {
        title: "Мост «Северный» открыт".into(),
        body: "Движение открыто с **10:00**. Подробности на [сайте](https://gorod.example.ru/most).".into(),
        link: None,
        tags: vec!["дороги".into()],
        media: Vec::new(),
        followers: Vec::new(),
        at: None,
        not_before: [].into(),
        overrides: [].into(),
        expires_at: None,
    };
    let media = if picture { vec![office.picture.clone()] } else { Vec::new() };
    adapter.render(&content_for(office.channel(platform), post, media)).expect("it fits every platform")
}

/// The id of a post that stands there.
fn known_id(platform: &str, here: &str) -> String {
    match platform {
        "max" => "mid.ffffbebc1b9ae4b901a0da828c245855".into(),
        "ok" => "154321098765432".into(),
        "manual" => format!("{here}/news/most"),
        _ => "1234".into(),
    }
}

/// A public address that a person may enter.
fn known_address(platform: &str, here: &str) -> String {
    match platform {
        "max" => "https://max.ru/gorod/AaDagowkWFU".into(),
        "vk" => "https://vk.com/wall-225000001_1234".into(),
        "ok" => "https://ok.ru/group/53038939046008/topic/154321098765432".into(),
        "webhook" => "https://gorod.example.ru/news/most".into(),
        "wordpress" => format!("{here}/?p=1234"),
        _ => format!("{here}/news/most"),
    }
}

/// What the answers held, read without the adapter.
struct Said {
    /// Texts and numbers of every body that is JSON.
    values: Vec<String>,
    /// Some body was JSON.
    readable: bool,
    /// Some body is not what it looks like.
    coded: bool,
}

impl Said {
    fn by(answers: &[u8]) -> Self {
        let text = String::from_utf8_lossy(answers);
        let mut said =
            Self { values: Vec::new(), readable: false, coded: text.to_ascii_lowercase().contains("encoding") };
        for answer in text.split("\n====\n") {
            let body = answer.split_once("\n\n").or_else(|| answer.split_once("\n\r\n")).map_or("", |(_, body)| body);
            if let Ok(value) = serde_json::from_str::<Value>(body) {
                said.readable = true;
                said.collect(&value);
            }
        }
        said
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => fields.values().for_each(|value| self.collect(value)),
            Value::Array(items) => items.iter().for_each(|value| self.collect(value)),
            Value::String(text) => self.values.push(text.clone()),
            Value::Number(number) => self.values.push(number.to_string()),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn names(&self, id: &RemoteId) -> bool {
        self.coded || self.values.iter().any(|value| !value.is_empty() && id.0.ends_with(value.as_str()))
    }
}

/// What was asked of whom, with what answers.
struct Case<'a> {
    platform: &'a str,
    said: &'a Said,
}

impl Case<'_> {
    fn holds(&self, outcome: &Outcome) {
        let Self { platform, said } = self;
        // A page of a web server or of nobody proves nothing: success is an id, absence is said. Sites answer in pages.
        let proves = said.readable || said.coded || matches!(*platform, "wordpress" | "manual");
        match outcome {
            Outcome::Unprepared(error) => {
                assert!(!matches!(error, PublishError::InDoubt { .. }), "nothing that readers see was done: {error}");
                self.refused(error);
            }
            Outcome::Published(Ok(receipt)) => {
                assert!(said.names(&receipt.id), "{platform} named no {}", receipt.id);
                self.confirms(receipt);
            }
            Outcome::Edited(Ok(receipt)) => {
                assert!(proves, "{receipt:?}");
                self.confirms(receipt);
            }
            Outcome::Found(Ok(found)) => match found {
                Found::Yes(receipt) => {
                    assert!(said.names(&receipt.id), "{platform} named no {}", receipt.id);
                    self.confirms(receipt);
                }
                Found::No(evidence) => {
                    assert!(proves, "{evidence:?}");
                    evidence.iter().for_each(|it| self.is_cut(it));
                }
                Found::CannotTell(why) | Found::OutOfSight(why) => self.is_sentence(why),
            },
            Outcome::Seen(Ok(sighting)) => self.stands(sighting, proves),
            Outcome::Behind(Ok((id, sighting))) => {
                assert!(!id.0.trim().is_empty());
                self.stands(sighting, proves);
            }
            Outcome::Retracted(Ok(())) => assert!(proves, "taken down, by whose word?"),
            Outcome::Listed(Ok(posts)) => {
                assert!(posts.iter().all(|post| !post.id.0.trim().is_empty()));
                assert!(posts.is_sorted_by(|a, b| a.published_at >= b.published_at), "newest first: {posts:?}");
                posts.iter().filter_map(|post| post.url.as_ref()).for_each(is_page);
            }
            Outcome::Examined(Ok(health)) => {
                assert!(!health.identity.trim().is_empty());
                assert!(!(health.may_publish && health.findings.iter().any(|finding| finding.blocking)), "{health:?}");
                for finding in &health.findings {
                    self.is_sentence(&finding.what);
                    self.is_sentence(&finding.todo);
                }
            }
            Outcome::Published(Err(error)) | Outcome::Edited(Err(error)) | Outcome::Retracted(Err(error)) => {
                self.refused(error);
            }
            Outcome::Found(Err(error))
            | Outcome::Seen(Err(error))
            | Outcome::Listed(Err(error))
            | Outcome::Examined(Err(error))
            | Outcome::Behind(Err(error))
            | Outcome::Told(Some(error)) => self.unanswered(error),
            Outcome::Told(None) => {}
        }
    }

    /// A receipt that a hold can be counted from and an auditor can follow.
    fn confirms(&self, receipt: &Receipt) {
        assert!(!receipt.id.0.trim().is_empty(), "no id");
        receipt.url.iter().for_each(is_page);
        receipt.answer.iter().for_each(|it| self.is_cut(it));
        receipt.remark.iter().for_each(|remark| self.is_sentence(remark));
        receipt.shown.iter().for_each(is_shown);
        let hold = Hold::from_receipt(receipt, now(), HoldLength::DEFAULT);
        assert!(hold.until() >= now() + HoldLength::DEFAULT.total());
    }

    fn stands(&self, sighting: &Sighting, proves: bool) {
        match &sighting.presence {
            Presence::Live(shown) => is_shown(shown),
            Presence::Gone => assert!(proves, "gone, by whose word?"),
            Presence::Unknown(why) => self.is_sentence(why),
        }
    }

    fn refused(&self, error: &PublishError) {
        self.is_told(error.told());
        if let PublishError::Retry { after: Some(after), .. } = error {
            assert!(after.as_secs() <= 86_400, "waits for {after:?}");
        }
    }

    fn unanswered(&self, error: &AdapterError) {
        match error {
            AdapterError::Retry { after, told } => {
                assert!(after.is_none_or(|after| after.as_secs() <= 86_400), "waits for {after:?}");
                self.is_told(told);
            }
            AdapterError::Unauthorised { told } | AdapterError::Unclear { told } => self.is_told(told),
            AdapterError::Unsupported(why) => self.is_sentence(why),
        }
    }

    fn is_told(&self, told: &Told) {
        self.is_sentence(&told.reason);
        told.answer.iter().for_each(|it| self.is_cut(it));
    }

    fn is_sentence(&self, text: &str) {
        assert!(!text.trim().is_empty(), "nothing is said");
        self.tells_no_secret(text);
    }

    /// Platforms may repeat what they were sent. Refresh tokens are sent to nobody but who renews them.
    fn tells_no_secret(&self, text: &str) {
        let secrets =
            SECRETS.iter().filter(|(file, _)| file.starts_with(self.platform) && !file.ends_with("refresh-token"));
        let told = secrets.map(|(_, secret)| secret).find(|secret| text.contains(*secret));
        assert_eq!(told, None, "stands in {text}");
    }

    fn is_cut(&self, evidence: &Evidence) {
        self.tells_no_secret(&evidence.body);
        assert!(evidence.body.chars().count() <= Evidence::MAX_CHARS);
    }
}

fn is_shown(shown: &Shown) {
    shown.url.iter().for_each(is_page);
}

/// Auditors follow these.
fn is_page(url: &url::Url) {
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
}
