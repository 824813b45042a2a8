use super::*;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-23T{text}Z").parse().unwrap()
}

fn slot(state: State, planned: &str) -> Slot {
    Slot { state, planned_at: at(planned), not_before: None, published_at: None, is_stopped: false, is_unlooked: false }
}

fn queued() -> Schedule {
    Schedule {
        primary: slot(State::Queued, "10:00:00"),
        followers: vec![slot(State::Waiting, "14:01:00")],
        hold: HoldLength::DEFAULT,
        held_until: None,
        expires_at: None,
        is_over: false,
    }
}

fn now() -> DateTime<Utc> {
    at("09:00:00")
}

#[test]
fn a_queued_post_goes_where_it_is_dropped_but_not_into_the_past() {
    let post = queued();
    assert_eq!(post.move_primary(None, at("12:00:00"), now()), Ok(at("12:00:00")));
    assert_eq!(post.move_primary(None, at("09:30:00"), now()), Ok(at("09:30:00")), "earlier than it was");
    assert_eq!(post.move_primary(None, at("08:59:30"), now()), Ok(now()), "it was now when it was chosen");
    assert_eq!(post.move_primary(None, at("08:00:00"), now()), Err(NotMoved::Past { now: now() }));
}

#[test]
fn the_second_of_two_people_is_told() {
    let post = queued();
    let seen = Some(at("10:00:00"));
    assert_eq!(post.move_primary(seen, at("12:00:00"), now()), Ok(at("12:00:00")));
    let before = Some(at("09:45:00"));
    let told = NotMoved::MovedMeanwhile { planned_at: at("10:00:00") };
    assert_eq!(post.move_primary(before, at("12:00:00"), now()), Err(told));
    assert_eq!(post.move_primary(before, at("10:00:00"), now()), Ok(at("10:00:00")), "the same form, sent twice");
}

#[test]
fn what_is_out_or_on_its_way_keeps_its_time() {
    let with = |state| Schedule { primary: slot(state, "10:00:00"), ..queued() };
    for state in [State::Releasing, State::InDoubt, State::Handed] {
        assert_eq!(with(state).move_primary(None, at("12:00:00"), now()), Err(NotMoved::OnItsWay), "{state}");
    }
    for state in [State::Failed, State::Cancelled] {
        assert_eq!(with(state).move_primary(None, at("12:00:00"), now()), Err(NotMoved::Over), "{state}");
    }
    let mut out = with(State::Published);
    out.primary.published_at = Some(at("10:00:02"));
    assert_eq!(out.move_primary(None, at("12:00:00"), now()), Err(NotMoved::Out { since: at("10:00:02") }));
    let over = Schedule { is_over: true, ..queued() };
    assert_eq!(over.move_primary(None, at("12:00:00"), now()), Err(NotMoved::Over));
}

#[test]
fn what_may_be_out_already_is_looked_for_first() {
    let mut post = queued();
    post.primary.is_unlooked = true;
    assert_eq!(post.move_primary(None, at("12:00:00"), now()), Ok(at("12:00:00")), "its time has not come");
    let late = at("10:05:00");
    assert_eq!(post.move_primary(None, at("12:00:00"), late), Err(NotMoved::Unlooked));
    post.primary.is_unlooked = false;
    assert_eq!(post.move_primary(None, at("12:00:00"), late), Ok(at("12:00:00")));
    post.primary.is_stopped = true;
    assert_eq!(post.move_primary(None, at("12:00:00"), now()), Err(NotMoved::Stopped));
}

#[test]
fn nothing_is_moved_past_its_expiry() {
    let post = Schedule { expires_at: Some(at("18:00:00")), ..queued() };
    assert_eq!(post.move_primary(None, at("13:58:00"), now()), Ok(at("13:58:00")), "the follower comes 17:59");
    let expires = NotMoved::Expires { expires_at: at("18:00:00") };
    assert_eq!(post.move_primary(None, at("14:00:00"), now()), Err(expires), "the follower would come 18:01");
    let alone = Schedule { followers: vec![], ..post };
    assert_eq!(alone.move_primary(None, at("14:00:00"), now()), Ok(at("14:00:00")));
}

#[test]
fn a_follower_is_never_moved_before_its_hold() {
    let post = queued();
    let follower = post.followers[0];
    let to = |to| post.move_follower(&follower, None, at(to), now());
    assert_eq!(to("15:00:00"), Ok(Some(at("15:00:00"))));
    assert_eq!(to("14:01:00"), Ok(None), "the hold says as much");
    assert_eq!(to("14:00:00"), Err(NotMoved::BeforeHold { earliest: at("14:01:00") }));
    assert_eq!(to("10:00:00"), Err(NotMoved::BeforeHold { earliest: at("14:01:00") }));
}

#[test]
fn a_held_follower_is_measured_by_the_hold_that_runs() {
    let mut post = queued();
    post.primary.state = State::Published;
    post.primary.published_at = Some(at("10:07:12"));
    post.held_until = Some(at("14:08:12"));
    let follower = slot(State::Held, "14:08:12");
    let to = |to| post.move_follower(&follower, None, at(to), at("11:00:00"));
    assert_eq!(to("14:08:00"), Ok(None), "the minute in which the hold ends");
    assert_eq!(to("14:10:00"), Ok(Some(at("14:10:00"))));
    assert_eq!(to("14:07:00"), Err(NotMoved::BeforeHold { earliest: at("14:08:12") }));
    let gone = Schedule { primary: slot(State::Withdrawn, "10:00:00"), ..post.clone() };
    assert_eq!(gone.move_follower(&follower, None, at("16:00:00"), now()), Err(NotMoved::Over));
}
