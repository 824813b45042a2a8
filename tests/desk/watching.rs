//! What watchdogs and Prometheus see.

use std::time::Duration;

use vestnik_sandbox::town::Platform;

use super::browser::Browser;
use super::house::House;

#[tokio::test]
async fn a_watchdog_sees_whether_the_daemon_goes_round() {
    let house = House::open().await;
    let watchdog = house.visitor();
    watchdog.get("/healthz").await.must_be(200);
    let before = watchdog.get("/readyz").await.must_be(503);
    assert_eq!(before.json()["daemon"], "not ok");
    house.pass(Duration::from_secs(1)).await;
    assert_eq!(watchdog.get("/readyz").await.must_be(200).json()["database"], "ok");
}

#[tokio::test]
async fn figures_are_on_a_port_of_their_own_and_name_no_post() {
    let platforms = [Platform::Max, Platform::Vk];
    let house = House::with(&platforms, |c| c.replacen("[server]\n", "[server]\nmetrics = \"127.0.0.1:0\"\n", 1)).await;
    house.queue("Открыт мост через Дон", "").await;
    house.pass(Duration::from_secs(1)).await;
    house.visitor().get("/today").await.must_be(303);
    house.visitor().get("/metrics").await.must_be(404);
    let figures = Browser::new(house.metrics.as_deref().unwrap()).get("/metrics").await.must_be(200).text();
    for line in [
        "vestnik_daemon_at_work 1",
        "vestnik_attempts_total{channel=\"gorod-max\",outcome=\"confirmed\"} 1",
        "vestnik_deliveries_unfinished{organisation=\"gorod\",channel=\"gorod-vk\"} 1",
        "vestnik_lateness_seconds_count 1",
        "vestnik_answer_seconds_count{route=\"/today\",status=\"303\"} 1",
    ] {
        assert!(figures.contains(line), "{line} is not in\n{figures}");
    }
    assert!(!figures.contains("мост"), "{figures}");
}
