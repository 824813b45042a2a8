//! An auditor finds a post by its words, has the chain checked and takes copies.

use super::Told;
use super::demo::Demo;
use super::tab::Tab;
use super::writing::quiet;

/// Sends the form of a copy as its button does, and tells the status, the kind and the size of the answer.
const COPY: &str = "const [action, kind, done] = arguments; const form = document.querySelector(`form[action='${action}']`); \
     const wish = new URLSearchParams(new FormData(form)); wish.set('kind_of_copy', kind); \
     fetch(form.action, { method: 'POST', body: wish }).then(async answer => done([answer.status, \
     answer.headers.get('content-disposition') || '', (await answer.arrayBuffer()).byteLength]), why => done([0, String(why), 0]))";

pub async fn an_auditor_finds_checks_and_exports(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "auditor").await?;
    tab.open("/journal").await?;
    // Another form of the word than the one that was written.
    tab.fill("input[name=words]", "набережной").await?;
    tab.click("form[role=search] button").await?;
    tab.says("Набережная снова открыта").await?;
    for kind in ["jsonl", "xlsx", "csv"] {
        let args = vec!["/journal/export".into(), kind.into()];
        let taken = tab.client.execute_async(COPY, args).await.map_err(super::tab::failed)?;
        let is_file = taken[1].as_str().is_some_and(|told| told.contains(&format!(".{kind}")));
        if taken[0] != 200 || !is_file || taken[2].as_u64().is_none_or(|bytes| bytes < 500) {
            return Err(format!("the copy as {kind} is none: {taken}"));
        }
    }
    tab.open("/journal/gorod/check").await?;
    tab.click("main form[action='/journal/gorod/check'] button").await?;
    tab.seen(".verdict.good").await?;
    tab.open("/rule").await?;
    tab.seen("main table tbody tr").await?;
    // Reads everything, changes nothing.
    tab.open("/today").await?;
    if tab.has("main form[method=post]").await? {
        return Err("an auditor is offered to change something".into());
    }
    quiet(tab).await
}

pub async fn an_administrator_adds_a_person(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "admin").await?;
    tab.open("/people/new").await?;
    tab.fill("input[name=login]", "newcomer").await?;
    tab.fill("input[name=name]", "Новый сотрудник").await?;
    tab.click("main input[type=checkbox]").await?;
    tab.click("main form button").await?;
    tab.until(
        "the one-time address is shown",
        "document.body.innerText.includes('/welcome/') \
         || Array.from(document.querySelectorAll('input')).some(i => i.value.includes('/welcome/'))",
    )
    .await?;
    tab.open("/people").await?;
    tab.says("Новый сотрудник").await?;
    quiet(tab).await
}
