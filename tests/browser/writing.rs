//! An officer writes, previews and queues; an editor approves.

use super::demo::Demo;
use super::pages::look_at;
use super::tab::{LOOKS, Tab};
use super::{Told, pictures};

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
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    for (nth, name) in ["мост.png", "берег.png"].into_iter().enumerate() {
        let picture = folder.path().join(name);
        std::fs::write(&picture, pictures::png(4 + u32::try_from(nth).unwrap_or_default(), 4))
            .map_err(|e| e.to_string())?;
        let input = tab.seen("#files-input").await?;
        input.send_keys(&picture.to_string_lossy()).await.map_err(super::tab::failed)?;
        tab.seen(&format!("li.file[data-name='{name}']")).await?;
    }
    kept(tab).await?;
    let draft = tab.path().await?;
    tab.client.delete_all_cookies().await.map_err(super::tab::failed)?;
    // All in one breath, as one goes on typing.
    tab.ask(
        "const type = (css, text) => { \
           const field = document.querySelector(css); \
           field.value = text; \
           field.dispatchEvent(new Event('input', { bubbles: true })); \
         }; \
         type('#body', 'Этого сервер ещё не видел'); \
         type('li[data-name=\"мост.png\"] textarea', 'Новый мост с берега'); \
         document.querySelector('li[data-name=\"берег.png\"] [data-do=up]').click();",
    )
    .await?;
    // Whichever asks first: the text that is kept, or the view of it.
    tab.until("the way back is shown", "document.querySelector('#kept.urgent a[href^=\"/sign-in\"]')").await?;
    tab.says("Сеанс закончился").await?;
    if tab.path().await? != draft {
        return Err("whoever writes is taken away from their text".into());
    }
    // A 401 is told by the browser itself.
    tab.console().await?;
    tab.sign_in(demo, "press").await?;
    tab.open(&format!("{draft}?edit")).await?;
    tab.until("the text is back", "document.querySelector('#body').value === 'Этого сервер ещё не видел'").await?;
    let files = "[...document.querySelectorAll('li.file')].map(file => \
                 [file.dataset.name, file.querySelector('textarea').value].join()).join(';')";
    let back = "берег.png,;мост.png,Новый мост с берега";
    tab.until("what the picture shows is back, in its place", &format!("{files} === '{back}'")).await?;
    kept(tab).await?;
    tab.open(&format!("{draft}?edit")).await?;
    tab.until("the desk has it", &format!("{files} === '{back}'")).await?;
    quiet(tab).await
}

pub async fn what_two_tabs_wrote_is_there(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    begin(tab, "gorod", "В двух вкладках").await?;
    kept(tab).await?;
    let draft = tab.path().await?;
    let first = tab.client.window().await.map_err(super::tab::failed)?;
    let second = tab.client.new_window(true).await.map_err(super::tab::failed)?.handle;
    let to_second = async || tab.client.switch_to_window(second.clone()).await.map_err(super::tab::failed);
    let to_first = async || tab.client.switch_to_window(first.clone()).await.map_err(super::tab::failed);
    to_second().await?;
    tab.open(&format!("{draft}?edit")).await?;
    tab.seen("#body").await?;

    let version = "document.querySelector('#composer [name=version]').value";
    to_first().await?;
    tab.fill("#body", "Из первой").await?;
    tab.until("the first text is kept", &format!("{version} === '2'")).await?;
    to_second().await?;
    tab.fill("#body", "Из второй").await?;
    tab.until("the second hears of the first", "!document.querySelector('#compare').hidden").await?;
    // A 409 is told by the browser itself.
    tab.console().await?;
    to_first().await?;
    tab.fill("#body", "Из первой, дальше").await?;
    tab.until("the first goes on", &format!("{version} === '3'")).await?;
    to_second().await?;
    tab.client.close_window().await.map_err(super::tab::failed)?;

    to_first().await?;
    tab.open(&format!("{draft}?edit")).await?;
    tab.until("the text of the second is offered", "!document.querySelector('#compare').hidden").await?;
    tab.click("#compare").await?;
    tab.until("both are shown", "document.querySelector('[data-forget]')").await?;
    tab.says("Из второй").await?;
    tab.says("Из первой, дальше").await?;
    // A conflict is told by the browser itself, too.
    tab.console().await?;
    // Looked at is not decided.
    tab.open(&format!("{draft}?edit")).await?;
    tab.until("it is offered again", "!document.querySelector('#compare').hidden").await?;
    tab.click("#compare").await?;
    tab.click("#mine button.secondary").await?;
    tab.until("the second text is the draft's", "document.querySelector('#body').value === 'Из второй'").await?;
    kept(tab).await?;
    tab.until("nothing is offered any more", "document.querySelector('#compare').hidden").await?;
    tab.console().await.map(drop)
}

pub async fn what_is_wrong_is_told_until_it_is_mended(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    begin(tab, "gorod", "Список дел").await?;
    tab.fill("#body", "Берём:\n\n- лопаты\n- грабли\n\n1. Собраться\n2. Убрать").await?;
    let item = "document.querySelector('#preview [data-platform=wordpress] .post-text li')";
    tab.until("a page has its bullets", &format!("{item} && getComputedStyle({item}).display === 'list-item'")).await?;

    // What has the focus does not lie under the bar of buttons.
    for field in ["link", "tags", "at", "expires_at"] {
        let free = format!(
            "window.scrollTo(0, 0); const field = document.querySelector('[name={field}]'); field.focus(); \
             return field.getBoundingClientRect().bottom <= document.querySelector('.keep').getBoundingClientRect().top"
        );
        if tab.ask(&free).await? != true {
            return Err(format!("`{field}` lies under the buttons"));
        }
    }

    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let picture = folder.path().join("двор.png");
    std::fs::write(&picture, pictures::png(4, 4)).map_err(|e| e.to_string())?;
    tab.seen("#files-input").await?.send_keys(&picture.to_string_lossy()).await.map_err(super::tab::failed)?;
    tab.seen("li.file textarea + small").await?;
    let apart = "const [field, hint] = ['textarea', 'textarea + small'].map(css => \
                   document.querySelector(`li.file ${css}`).getBoundingClientRect()); \
                 return hint.top >= field.bottom";
    if tab.ask(apart).await? != true {
        return Err("the hint lies on the field's border".into());
    }
    look_at(tab, &LOOKS).await?;

    tab.fill("[name=link]", "ftp://example.ru/dela").await?;
    tab.click("button[formaction$='/queue']").await?;
    tab.until("it is refused", "document.querySelector('#problems.bad')").await?;
    // A refusal is told by the browser itself, too.
    tab.console().await?;
    let told = "document.querySelector('#problems').innerText";
    tab.until("both are told", &format!("{told}.includes('не адрес страницы') && {told}.includes('нет описания')"))
        .await?;
    let height = tab.ask("return document.querySelector('#problems').offsetHeight").await?;
    tab.fill("li.file textarea", "Двор после субботника").await?;
    let half = format!("!{told}.includes('нет описания') && {told}.includes('не адрес страницы')");
    tab.until("the other one is left", &half).await?;
    tab.fill("[name=link]", "https://example.ru/dela").await?;
    tab.until("nothing is left", "document.querySelector('#problems.good')").await?;
    tab.says("Замечания учтены").await?;
    if tab.ask("return document.querySelector('#problems').offsetHeight").await? != height {
        return Err("what was told moves the form when it is mended".into());
    }
    tab.until("every channel takes it", "!document.querySelector('#preview [data-problem]')").await?;
    look_at(tab, &LOOKS).await?;
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
    tab.until("the views are there", "document.querySelectorAll('#preview h3').length >= 5").await?;
    // Wherever one reads the views, the decision is at hand; it is folded together as it was when the page came.
    let at_hand = |button: &str| {
        format!(
            "document.querySelectorAll('main details').forEach(d => d.open = false); \
             return [0, .5].every(part => {{ \
               window.scrollTo(0, part * document.documentElement.scrollHeight); \
               const {{ top, bottom }} = document.querySelector(\"{button}\").getBoundingClientRect(); \
               return top >= 0 && bottom <= window.innerHeight; \
             }})"
        )
    };
    if tab.ask(&at_hand("form[action$='/approve'] button")).await? != true {
        return Err("the decision is out of sight".into());
    }
    tab.click("form[action$='/approve'] button").await?;
    tab.seen(".state[data-state=approved]").await?;
    tab.says("осталось нажать «Поставить в очередь»").await?;
    if tab.ask(&at_hand("form[action$='/release'] button")).await? != true {
        return Err("what is left to do is out of sight".into());
    }
    tab.click("form[action$='/release'] button").await?;
    tab.until("the post is there", "location.pathname.startsWith('/posts/')").await?;
    tab.says("Поставлена в очередь: ").await?;
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
    let left = "Object.keys(localStorage).some(key => key.includes(composer.dataset.draft))";
    tab.until("nothing is left to keep", &format!("!(composer => {left})(document.querySelector('#composer'))")).await
}

/// The console has nothing to tell.
pub async fn quiet(tab: &Tab) -> Told {
    let said = tab.console().await?;
    if said.is_empty() { Ok(()) } else { Err(format!("console: {}", said.join("; "))) }
}
