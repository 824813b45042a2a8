//! A platform renews a channel's credential.

use crate::town::{GROUP, HOUR, MINUTE, Town};

#[tokio::test]
async fn the_journal_says_that_a_token_was_renewed_and_not_what_it_is() {
    let mut town = Town::new().await;
    let config = std::fs::read_to_string(town.path("config.toml")).unwrap();
    let base = town.vk.server.url();
    let base = base.as_str().trim_end_matches('/');
    let renewing = format!(
        "user_token = {{ file = \"vk-u\" }}\nuser_refresh = {{ refresh_token = {{ file = \"vk-r\" }}, client_id = 51, \
         device_id = \"d\", base_url = \"{base}\" }}"
    );
    town.file("config.toml", &config.replace("user_token = { file = \"vk-u\" }", &renewing));
    town.file("vk-r", "vk-refresh-secret");
    town.vk.add_refresh_token("vk-refresh-secret", "vk-user-secret", "51", "d");
    town.restart().await;

    let id = town.queue("Ключ истёк").await;
    town.pass(HOUR * 5).await;
    town.vk.expire_token("vk-user-secret");
    // An edit on VK needs the user's token.
    town.edit(id, "Ключ обновлён").await;
    town.pass(HOUR * 5).await;
    assert!(town.vk.posts(GROUP)[0].text.starts_with("Ключ обновлён"));
    town.pass(MINUTE).await;
    let journal = town.store().journal_page("gorod", 0, 1_000).await.unwrap();
    let told: Vec<_> = journal.iter().filter(|row| row.kind == "credential.renewed").collect();
    assert_eq!(told.iter().map(|row| row.channel.as_deref()).collect::<Vec<_>>(), [Some("gorod-vk")]);
    let renewed = std::fs::read_to_string(town.path("vk-u")).unwrap();
    assert!(renewed != "vk-user-secret" && journal.iter().all(|row| !row.entry.contains(&renewed)));
}
