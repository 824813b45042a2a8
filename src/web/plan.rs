//! When a post goes out where, in one line: «MAX 10:00 → VK, OK, сайт не раньше 14:01».

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Desk;
use super::page::Page;
use crate::domain::wall_time::local;
use crate::office::{Plan, PlannedChannel, Start};

/// The plan in words. `name` gives the name of a channel.
pub(super) fn in_words(page: &Page, plan: &Plan, zone: Tz, name: impl Fn(&str) -> String) -> String {
    let primary_at = plan.primary.at;
    let at = page.time(&primary_at, &zone);
    let primary = match plan.start {
        Start::Now => page.t("plan-primary-now").with("channel", name(&plan.primary.slug)),
        Start::At => page.t("plan-primary").with("channel", name(&plan.primary.slug)).with("at", at),
        Start::Passed => return page.t("plan-passed").with("at", at).to_string(),
    };
    let mut parts: Vec<String> = Vec::new();
    for group in plan.followers.chunk_by(|a, b| whole_minute(a.at) == whole_minute(b.at)) {
        let at = whole_minute(group.first().map_or(primary_at, |channel| channel.at));
        let is_same_day = local(at, zone).date_naive() == local(primary_at, zone).date_naive();
        let at = if is_same_day { page.clock(&at, &zone) } else { page.time(&at, &zone) };
        let names: Vec<String> = group.iter().map(|channel: &PlannedChannel| name(&channel.slug)).collect();
        parts.push(page.t("plan-followers").with("channels", names.join(", ")).with("at", at).to_string());
    }
    if parts.is_empty() {
        return page.t("plan-primary-alone").with("primary", primary.to_string()).to_string();
    }
    page.t("plan-whole").with("primary", primary.to_string()).with("followers", parts.join("; ")).to_string()
}

/// Where a post lies, channel by channel, those of one time together: «MAX 23 ноября, 10:00; VK, OK не раньше
/// 23 ноября, 14:01».
pub(super) fn lies<'c>(
    desk: &Desk,
    page: &Page,
    zone: Tz,
    legs: impl IntoIterator<Item = (&'c str, DateTime<Utc>)>,
) -> String {
    let mut groups: Vec<(bool, DateTime<Utc>, Vec<String>)> = Vec::new();
    for (slug, at) in legs {
        let (at, name) = (whole_minute(at), desk.channel_name(slug));
        let is_primary = desk.office.channels.get(slug).is_some_and(|channel| channel.primary);
        match groups.iter_mut().find(|(primary, time, _)| !*primary && !is_primary && *time == at) {
            Some((_, _, names)) => names.push(name),
            None => groups.push((is_primary, at, vec![name])),
        }
    }
    let told = groups.into_iter().map(|(is_primary, at, names)| {
        let (key, name) = if is_primary { ("plan-primary", "channel") } else { ("plan-followers", "channels") };
        page.t(key).with(name, names.join(", ")).with("at", page.time(&at, &zone)).to_string()
    });
    told.collect::<Vec<_>>().join("; ")
}

/// «Not before» is told in minutes: the minute that has begun is no promise.
pub(super) fn whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1))
        .map_or(at, |begun| if begun == at { at } else { begun + TimeDelta::minutes(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_that_has_begun_is_no_promise() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(whole_minute(at("2026-11-23T11:01:00Z")), at("2026-11-23T11:01:00Z"));
        assert_eq!(whole_minute(at("2026-11-23T11:00:30Z")), at("2026-11-23T11:01:00Z"));
    }
}
