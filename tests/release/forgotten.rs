//! An older copy of the database is put back, and the history beside it is lost, too: what nobody can know any more is
//! said to be unknown, and accuses nobody.

use std::time::Duration;

use vestnik::history::audit;
use vestnik::history::verify::Proof;
use vestnik_contract::Clock as _;

use crate::older_copy::{Copy, attention, counts};
use crate::town::{HOUR, Town};

#[tokio::test]
async fn followers_of_an_edit_that_the_copy_did_not_see_are_not_called_early() {
    let mut town = Town::new().await;
    let id = town.queue("Старый заголовок").await;
    town.settle_now().await;
    town.edit(id, "Исправленный заголовок").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 1, 1));
    let stood = (town.on_vk(), town.on_site());

    copy.put_back_alone(&mut town).await;
    town.pass(HOUR * 24).await;
    assert_eq!((town.on_vk(), town.on_site()), stood, "nothing goes out again");
    assert_eq!(attention(&town).await, [""; 0]);
    let audit = audit::verify(town.store(), None, town.clock.now()).await.unwrap();
    let rule = &audit.report.chains.iter().find(|chain| chain.chain == "gorod").unwrap().rule;
    assert_eq!((rule.broken().len(), rule.unknown().len()), (0, 2), "{audit}\n{:#?}", audit.report);
    assert_eq!((audit.proof(), audit.ok), (Proof::Part, false), "{audit}");
    town.daemon.stop(Duration::ZERO).await;
}
