use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::journal::event::Event;

fn chain_of(length: u32) -> Vec<Entry> {
    let start = stamp::parse("2026-11-22T06:30:00.000000Z").unwrap();
    let mut head = Head::genesis("press");
    (0..length)
        .map(|i| {
            let event =
                Event::DeliveryStopped { why: format!("причина {i}").into(), todo: "Позвоните".into() };
            let at = start + TimeDelta::seconds(i64::from(i));
            let entry = link("press", &head, Draft::new(at, "vestnik", event).of_post(Uuid::from_u128(i.into())));
            head = Head { hash: entry.hash, seq: entry.seq };
            entry
        })
        .collect()
}

fn verify(entries: &[Entry]) -> Result<Head, Break> {
    let mut verifier = Verifier::new("press");
    entries.iter().try_for_each(|e| verifier.push(e))?;
    Ok(verifier.head())
}

#[test]
fn a_chain_holds_and_its_head_is_its_last_entry() {
    let entries = chain_of(5);
    assert_eq!(verify(&entries), Ok(Head { hash: entries[4].hash, seq: 5 }));
    assert_eq!(verify(&[]), Ok(Head::genesis("press")));
    assert_ne!(Head::genesis("press"), Head::genesis("culture"));
}

#[test]
fn a_chain_written_anew_has_another_head() {
    let (old, mut forged) = (chain_of(3), chain_of(2));
    let head = Head { hash: forged[1].hash, seq: 2 };
    let event = Event::PostRepublished {};
    forged.push(link("press", &head, Draft::new(old[2].at, "vestnik", event)));
    assert_ne!(verify(&forged).unwrap(), verify(&old).unwrap());
}

#[test]
fn each_break_says_what_is_wrong_and_where() {
    let entries = chain_of(4);
    let mut after = Verifier::after("press", Head { hash: entries[1].hash, seq: 2 });
    assert_eq!(entries[2..].iter().try_for_each(|e| after.push(e)), Ok(()));
    let fault = |edit: &dyn Fn(&mut Vec<Entry>)| {
        let mut entries = entries.clone();
        edit(&mut entries);
        let broken = verify(&entries).unwrap_err();
        (broken.seq, broken.fault)
    };
    assert_eq!(fault(&|e| drop(e.remove(1))), (3, Fault::Gap { expected: 2 }));
    assert_eq!(fault(&|e| e.swap(1, 2)), (3, Fault::Gap { expected: 2 }));
    assert_eq!(fault(&|e| e.insert(1, e[0].clone())), (1, Fault::Gap { expected: 2 }));
    assert_eq!(fault(&|e| e[2].chain = "culture".into()), (3, Fault::OtherChain { found: "culture".into() }));
    assert!(matches!(fault(&|e| e[2].actor = "другой".into()), (3, Fault::Hash { .. })));
    let replace = |e: &mut Vec<Entry>| {
        e[1].actor = "другой".into();
        e[1].hash = e[1].computed_hash();
    };
    assert!(matches!(fault(&replace), (3, Fault::Prev { .. })));
    let unfit = |e: &mut Vec<Entry>| drop(e[0].detail.insert("share".into(), 0.5.into()));
    assert!(matches!(fault(&unfit), (1, Fault::Unfit(_))));
    assert_eq!(
        verify(&entries[1..]).unwrap_err().to_string(),
        "chain `press`, entry 2: number 1 should stand here; entries were taken out, doubled or moved"
    );
}

#[test]
fn a_selection_may_leave_out_but_not_change() {
    let entries = chain_of(6);
    let verify = |picked: &[usize]| {
        let mut verifier = Verifier::of_selection("press");
        picked.iter().try_for_each(|i| verifier.push(&entries[*i]))
    };
    assert_eq!(verify(&[1, 2, 5]), Ok(()));
    assert!(verify(&[2, 1]).is_err());
    assert!(verify(&[2, 2]).is_err());
    let mut replaced = entries[2].clone();
    replaced.prev = entries[0].hash;
    replaced.hash = replaced.computed_hash();
    let mut verifier = Verifier::of_selection("press");
    verifier.push(&entries[1]).unwrap();
    assert!(matches!(verifier.push(&replaced).unwrap_err().fault, Fault::Prev { .. }));
}

#[test]
fn a_clock_that_went_back_is_remarked_and_no_break() {
    let mut entries = chain_of(2);
    let at = entries[1].at - TimeDelta::hours(1);
    let head = Head { hash: entries[1].hash, seq: 2 };
    entries.push(link("press", &head, Draft::new(at, "vestnik", Event::DaemonStopped {})));
    let mut verifier = Verifier::new("press");
    entries.iter().for_each(|e| verifier.push(e).unwrap());
    let remark = verifier.remarks().first().unwrap().to_string();
    assert_eq!(remark, "entry 3: our clock went back from 2026-11-22T06:30:01.000000Z to 2026-11-22T05:30:01.000000Z");
}

proptest! {
    #[test]
    fn any_changed_byte_of_any_line_is_found(entry in 0..5_usize, at: prop::sample::Index, byte: u8) {
        let entries = chain_of(5);
        let mut lines: Vec<Vec<u8>> = entries.iter().map(|e| e.line().into_bytes()).collect();
        let at = at.index(lines[entry].len());
        prop_assume!(lines[entry][at] != byte);
        lines[entry][at] = byte;
        let mut verifier = Verifier::new("press");
        let found = lines.iter().any(|l| std::str::from_utf8(l).map_or(true, |l| verifier.push_line(l).is_err()));
        prop_assert!(found);
    }
}
