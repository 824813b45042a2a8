//! An officer writes, previews and queues; an editor approves.

use super::Told;
use super::demo::Demo;
use super::pages::look_at;
use super::tab::{LOOKS, Tab};

const TEXT: &str = "Сегодня **открылся** новый мост.";

pub async fn an_officer_writes_previews_and_queues(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    begin(tab, "gorod", "Мост открыт для пешеходов").await?;
    tab.until(
        "the preview shows the text on every channel",
        "document.querySelectorAll('#preview h3').length >= 5 \
         && document.querySelector('#preview').innerText.includes('новый мост')",
    )
    .await?;
    kept(tab).await?;
    // Nothing that a page puts in afterwards may break what the page promised.
    look_at(tab, &LOOKS).await?;
    tab.click("button[formaction$='/queue']").await?;
    tab.until("the post is there", "/^\\/posts\\/[0-9a-f-]{36}$/.test(location.pathname)").await?;
    tab.says("Мост открыт для пешеходов").await?;
    quiet(tab).await
}

pub async fn what_was_typed_outlives_the_session(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    begin(tab, "gorod", "Пока сеанс не кончился").await?;
    kept(tab).await?;
    let draft = tab.path().await?;
    tab.client.delete_all_cookies().await.map_err(super::tab::failed)?;
    tab.fill("#body", "Этого сервер ещё не видел").await?;
    // Whichever asks first: the text that is kept, or the view of it.
    tab.until(
        "the way back is shown",
        "document.querySelector('#kept a[href^=\"/sign-in\"]') || location.pathname === '/sign-in'",
    )
    .await?;
    // A 401 is told by the browser itself.
    tab.console().await?;
    tab.sign_in(demo, "press").await?;
    tab.open(&format!("{draft}?edit")).await?;
    tab.until("the text is back", "document.querySelector('#body').value === 'Этого сервер ещё не видел'").await?;
    kept(tab).await?;
    quiet(tab).await
}

pub async fn an_editor_approves(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    begin(tab, "gorod-2", "На согласование: мост").await?;
    kept(tab).await?;
    tab.click("button[formaction$='/submit']").await?;
    tab.seen(".state[data-state=submitted]").await?;
    let draft = tab.path().await?;
    if tab.has("form[action$='/approve']").await? {
        return Err("an officer is offered to approve".into());
    }
    quiet(tab).await?;
    tab.begin().await;
    tab.sign_in(demo, "editor").await?;
    tab.open(&draft).await?;
    look_at(tab, &LOOKS).await?;
    tab.click("form[action$='/approve'] button").await?;
    tab.seen(".state[data-state=approved]").await?;
    tab.click("form[action$='/release'] button").await?;
    tab.until("the post is there", "location.pathname.startsWith('/posts/')").await?;
    tab.says("На согласование: мост").await?;
    quiet(tab).await
}

/// Begins a draft from the list of drafts.
async fn begin(tab: &Tab, organisation: &str, title: &str) -> Told {
    tab.open(&format!("/drafts?organisation={organisation}")).await?;
    tab.click(&format!("a[href='/drafts/new?organisation={organisation}']")).await?;
    tab.fill("input[name=title]", title).await?;
    tab.fill("#body", TEXT).await
}

/// Waits until the desk has what was typed.
async fn kept(tab: &Tab) -> Told {
    tab.until("the draft is kept", "document.querySelector('#composer [name=version]').value !== '0'").await?;
    let left = "localStorage.getItem(['draft', composer.dataset.person, composer.dataset.draft].join(':'))";
    tab.until("nothing is left to keep", &format!("!(composer => {left})(document.querySelector('#composer'))")).await
}

/// The console has nothing to tell.
pub async fn quiet(tab: &Tab) -> Told {
    let said = tab.console().await?;
    if said.is_empty() { Ok(()) } else { Err(format!("console: {}", said.join("; "))) }
}
