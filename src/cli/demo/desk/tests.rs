use super::*;
use crate::store::Attention;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_opens_on_a_past_that_proves_itself_and_leaves_something_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let monday = IsoWeek::of(SystemClock.now(), ZONE).monday();
    let clock = Arc::new(DayClock::standing_at(moment(monday, -7 * WEEKS, "09:00").unwrap()));
    let mut town = Town::start(clock.clone(), Addresses::free()).await.unwrap();
    town.add_organisations(1).await.unwrap();
    let office = open(&town, &clock, folder.path(), SPEED).await.unwrap();
    let stage = Stage { office: &office, town: &town, clock: &clock, folder: folder.path(), monday };
    let people = prepare(&stage).await.unwrap();

    assert_eq!(people.len(), 4);
    for person in &people {
        assert!(office.store.password_of(person.login).await.unwrap().is_some(), "{}", person.login);
    }
    let audit = crate::history::audit::verify(&office.store, None, office.clock.now()).await.unwrap();
    assert!(audit.ok, "{audit}");
    // The manual site, the post that a colleague took down in MAX, the paused portal.
    let waits = office.store.attention(office.clock.now()).await.unwrap();
    for channel in ["gorod-gosweb", "gorod-vk", "gorod-2-portal"] {
        assert!(waits.iter().any(|item: &Attention| item.channel == channel), "{channel}: {waits:#?}");
    }
    assert_eq!(office.store.submitted_drafts().await.unwrap(), [("gorod-2".to_owned(), 1)]);
    office.close().await.unwrap();
}

#[test]
fn a_clock_is_set_on_but_never_back_and_runs_when_told() {
    let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let clock = DayClock::standing_at(start);
    clock.set(start + TimeDelta::hours(1));
    clock.set(start);
    assert_eq!((clock.now(), clock.now()), (start + TimeDelta::hours(1), start + TimeDelta::hours(1)));
    clock.run(20_000);
    assert!(std::iter::repeat_with(|| clock.now()).take(1_000_000).any(|now| now > start + TimeDelta::hours(1)));
}
