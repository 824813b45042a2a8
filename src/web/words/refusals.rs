//! Why something was not done, as people read it.

use chrono_tz::Tz;
use vestnik_contract::{Figure, Figures};

use super::{field, filled, media, misfit, misfit_key, problem, time};
use crate::domain::draft::DraftRefusal;
use crate::domain::schedule::NotMoved;
use crate::office::{ChannelMisfit, OfficeError, OfficeRefusal, PeopleError, Refusal};
use crate::post_file::Problem;
use crate::release::{Contradiction, ResolveError};
use crate::store::{StoreError, StoreRefusal};
use crate::web::files::{FILES_MAX, Refused};
use crate::web::locale::{Locale, Phrase};
use crate::web::mistakes::{Mistake, Mistakes};
use crate::web::page::Page;
use crate::web::{Desk, WebError};

/// What a failure says beyond its name.
pub(in crate::web) fn failure(desk: &Desk, page: &Page, error: &WebError) -> Option<String> {
    match error {
        WebError::Refused(said) | WebError::Mistyped { words: said, .. } | WebError::TooLarge(said) => {
            Some(said.clone())
        }
        WebError::TooManyBytes(max) => {
            Some(page.t("failure-bytes").with("max", super::size(page.locale, *max as u64)).to_string())
        }
        WebError::TooMany(seconds) => Some(page.t("failure-wait").with("seconds", *seconds).to_string()),
        WebError::Office(error) => why(desk, page, error),
        WebError::People(refusal) => Some(person(page, *refusal).to_string()),
        WebError::NotFound
        | WebError::SignInFirst { .. }
        | WebError::NotAllowed(_)
        | WebError::Forged
        | WebError::Unreadable
        | WebError::WrongMethod
        | WebError::FormUnreadable(_)
        | WebError::Conflict
        | WebError::TooSlow
        | WebError::NoRoom
        | WebError::Internal => None,
    }
}

/// Why an action did not happen, one sentence for each reason, with the key of what it is about as post files have it.
/// What is nobody's business but the log's is an error.
pub(in crate::web) fn reasons(desk: &Desk, page: &Page, error: OfficeError) -> Result<Mistakes, WebError> {
    told(desk, page, &error).ok_or_else(|| error.into())
}

/// The same in one paragraph; `None`: it is nobody's business but the log's.
pub(in crate::web) fn why(desk: &Desk, page: &Page, error: &OfficeError) -> Option<String> {
    told(desk, page, error).map(|reasons| reasons.to_string())
}

/// Why a form with files was not taken.
pub(in crate::web) fn upload(locale: Locale, why: &Refused) -> String {
    match why {
        Refused::Form(error) => locale.t(&format!("failure-{}", error.code())).to_string(),
        Refused::File(error) => media(locale, error).to_string(),
        Refused::Cut => locale.t("files-cut").to_string(),
        Refused::TooMany => locale.t("files-too-many").with("max", FILES_MAX).to_string(),
        Refused::NoOrganisation => locale.t("files-no-organisation").to_string(),
        Refused::NoFile => locale.t("files-no-file").to_string(),
    }
}

/// A refusal about people, to be shown beside the form. What no form can mend goes on as a failure.
pub(in crate::web) fn people(page: &Page, error: PeopleError) -> Result<Mistakes, WebError> {
    match error {
        PeopleError::Refused(refusal) if !matches!(refusal, Refusal::Busy | Refusal::Overtaken) => {
            let (words, field) = (person(page, refusal).to_string(), field_about(refusal).map(ToOwned::to_owned));
            Ok([Mistake { words, field }].into_iter().collect())
        }
        other => Err(other.into()),
    }
}

/// The field that has to be mended, by the `id` that it has in every form about people.
fn field_about(refusal: Refusal) -> Option<&'static str> {
    Some(match refusal {
        Refusal::Login | Refusal::Taken => "login",
        Refusal::Name | Refusal::NameMixed => "name",
        Refusal::NoRole
        | Refusal::NotForAll
        | Refusal::NoOrganisation
        | Refusal::NotYours
        | Refusal::LastAdministrator => "rights",
        Refusal::WrongPassword => "current-password",
        Refusal::PasswordsDiffer => "password-again",
        Refusal::PasswordShort
        | Refusal::PasswordLong
        | Refusal::PasswordCommon
        | Refusal::PasswordPlain
        | Refusal::PasswordPersonal => "new-password",
        Refusal::TokenLabel | Refusal::TokenTaken => "token-label",
        Refusal::TokenRole => "token-role",
        Refusal::TokenDays => "token-days",
        Refusal::OwnRights
        | Refusal::OwnAccount
        | Refusal::WorksElsewhere
        | Refusal::Disabled
        | Refusal::Overtaken
        | Refusal::AddressOver
        | Refusal::Busy => return None,
    })
}

/// Why a draft stays as it is.
pub(in crate::web) fn draft(page: &Page, why: &DraftRefusal) -> String {
    page.t(format!("draft-refused-{}", why.code())).to_string()
}

/// Why a post keeps its time.
pub(in crate::web) fn not_moved(page: &Page, why: &NotMoved, zone: Tz) -> String {
    let words = match why {
        NotMoved::Past { now: at }
        | NotMoved::MovedMeanwhile { planned_at: at }
        | NotMoved::Out { since: at }
        | NotMoved::BeforeHold { earliest: at }
        | NotMoved::Expires { expires_at: at } => page.t(not_moved_key(why)).with("at", page.time(at, &zone)),
        NotMoved::OnItsWay | NotMoved::Over | NotMoved::Stopped | NotMoved::Unlooked => page.t(not_moved_key(why)),
    };
    words.to_string()
}

fn not_moved_key(why: &NotMoved) -> &'static str {
    match why {
        NotMoved::Past { .. } => "move-past",
        NotMoved::MovedMeanwhile { .. } => "move-meanwhile",
        NotMoved::Out { .. } => "move-out",
        NotMoved::OnItsWay => "move-on-its-way",
        NotMoved::Over => "move-over",
        NotMoved::Stopped => "move-stopped",
        NotMoved::Unlooked => "move-unlooked",
        NotMoved::BeforeHold { .. } => "move-before-hold",
        NotMoved::Expires { .. } => "move-expires",
    }
}

fn person(page: &Page, refusal: Refusal) -> Phrase {
    page.t(format!("people-no-{}", refusal.name()))
}

/// `None`: what went wrong is nothing that a visitor could act on.
fn told(desk: &Desk, page: &Page, error: &OfficeError) -> Option<Mistakes> {
    let locale = page.locale;
    let about = |field: String, words: String| Mistake { words, field: Some(field) };
    let with_field = |found: &Problem| {
        let words = format!("{}: {}", field(desk, locale, &found.key), problem(locale, found));
        about(found.key.clone(), words)
    };
    let on_channel = |found: &ChannelMisfit| {
        let words = format!("{}: {}", desk.channel_name(&found.channel), misfit(locale, &found.misfit));
        about(misfit_key(&found.channel, &found.misfit), words)
    };
    Some(match error {
        OfficeError::Problems(problems) | OfficeError::Post { problems, .. } => {
            problems.iter().map(with_field).collect()
        }
        OfficeError::Misfits(misfits) => misfits.iter().map(on_channel).collect(),
        OfficeError::Media(errors) => {
            errors.iter().map(|error| about("media".into(), media(locale, error).to_string())).collect()
        }
        OfficeError::Time(error) => Mistakes::at("at", &time(locale, error)),
        OfficeError::Store(StoreError::Draft(why @ DraftRefusal::TimePassed)) => Mistakes::at("at", &draft(page, why)),
        OfficeError::Store(StoreError::NotMoved(why)) => {
            // Where it is not said whose times they are, the visitor's own clocks serve.
            Mistakes::at("at", &not_moved(page, why, desk.visitors_zone(page)))
        }
        _ => [Mistake { words: whole(desk, page, error)?, field: None }].into_iter().collect(),
    })
}

/// The same of what no field is to blame for.
fn whole(desk: &Desk, page: &Page, error: &OfficeError) -> Option<String> {
    let locale = page.locale;
    Some(match error {
        OfficeError::Resolve(ResolveError::Contradicted(why)) => contradiction(locale, why),
        OfficeError::Resolve(ResolveError::NoAnswer(_)) => page.t("post-no-answer").to_string(),
        OfficeError::Refused(why) => office(desk, locale, why),
        OfficeError::Store(StoreError::Refused(why)) => store(desk, locale, why),
        OfficeError::Store(StoreError::Draft(why)) => draft(page, why),
        OfficeError::Config(_)
        | OfficeError::Open(_)
        | OfficeError::Store(_)
        | OfficeError::PostFile(_)
        | OfficeError::Resolve(ResolveError::Store(_))
        | OfficeError::BrokenOff(_)
        // Told field by field.
        | OfficeError::Problems(_)
        | OfficeError::Post { .. }
        | OfficeError::Misfits(_)
        | OfficeError::Media(_)
        | OfficeError::Time(_) => return None,
    })
}

fn contradiction(locale: Locale, why: &Contradiction) -> String {
    let said = locale.t(&format!("post-word-{}", why.code()));
    said.with("place", why.place().unwrap_or_default().to_owned()).to_string()
}

fn store(desk: &Desk, locale: Locale, why: &StoreRefusal) -> String {
    refused(desk, locale, why.code(), why.figures())
}

fn office(desk: &Desk, locale: Locale, why: &OfficeRefusal) -> String {
    refused(desk, locale, why.code(), why.figures())
}

/// Channels are named as people call them.
fn refused(desk: &Desk, locale: Locale, code: &str, mut figures: Figures) -> String {
    if let Some(Figure::Text(channel)) = figures.get_mut("channel") {
        *channel = desk.channel_name(channel);
    }
    filled(locale, locale.t(&format!("refused-{code}")), &figures).to_string()
}

#[cfg(test)]
mod tests {
    use vestnik_contract::FindingKind;

    use super::*;
    use crate::web::locale::FILES;

    #[test]
    fn every_refusal_has_words_that_leave_no_value_open() {
        let all = "post channel state url key remote_id owner attempt organisation known channels max";
        let figures: Figures = all.split(' ').map(|name| (name, Figure::Text("X".into()))).collect();
        for code in StoreRefusal::CODES.iter().chain(OfficeRefusal::CODES) {
            for (locale, _) in FILES {
                let phrase = locale.t(&format!("refused-{code}"));
                assert!(phrase.is_known(), "{} does not say refused-{code}", locale.name());
                let said = filled(locale, phrase, &figures).to_string();
                assert!(!said.contains(['{', '$', '`']), "{}: {said}", locale.name());
            }
        }
    }

    #[test]
    fn every_finding_and_every_end_of_an_attempt_has_words() {
        let findings = FindingKind::ALL.iter().map(|kind| kind.name());
        let findings = findings.flat_map(|kind| [format!("finding-{kind}"), format!("finding-{kind}-todo")]);
        let ends = "postponed open in-doubt published edited retracted retry rejected unauthorised handed abandoned";
        for key in findings.chain(ends.split(' ').map(|end| format!("post-last-{end}"))) {
            for (locale, _) in FILES {
                assert!(locale.t(&key).is_known(), "{} does not say {key}", locale.name());
            }
        }
    }

    #[test]
    fn no_two_refusals_bear_one_name() {
        let mut codes: Vec<_> = StoreRefusal::CODES.iter().chain(OfficeRefusal::CODES).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), StoreRefusal::CODES.len() + OfficeRefusal::CODES.len());
    }
}
