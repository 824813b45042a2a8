// The composer: keeps what is typed, here until the desk has it; marks up the text. Without this file the form works as
// it stands.
(() => {
  "use strict";

  // One text a draft and a person: a computer may have several.
  const place = (draft, person) => `draft:${person}:${draft}`;

  for (const link of document.querySelectorAll("[data-forget]")) {
    link.addEventListener("click", () => forget(place(link.dataset.forget, link.dataset.person)));
  }

  const form = document.getElementById("composer");
  if (!form) return;
  const key = place(form.dataset.draft, form.dataset.person);
  // A text of an earlier version, which is not to be lost under a later one.
  const other = `${key}:other`;
  const told = document.getElementById("kept");
  const compare = document.getElementById("compare");
  const version = form.elements.namedItem("version");
  const PAUSE_MS = 2000;
  const AGAIN_MS = 10000;

  function forget(key) {
    try { localStorage.removeItem(key); } catch { /* A browser that keeps nothing has nothing to forget. */ }
  }

  function recall(key) {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found && Array.isArray(found.fields) ? found : null;
    } catch { return null; }
  }

  // Everything that was typed, as the form would send it. Chosen files travel by themselves.
  function fields() {
    return [...new FormData(form)].filter(([, value]) => typeof value === "string");
  }

  const typed = () => fields().filter(([name]) => name !== "csrf" && name !== "version");
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  // What the desk has. While two texts are being merged it has neither.
  const merging = "merging" in form.dataset;
  let kept = merging ? null : typed();
  let sending = null;
  let timer = 0;
  // Whoever merges says when they are done: half of it must not take the place of what the other wrote.
  let halted = merging;

  function say(text, link) {
    told.textContent = text;
    if (link) {
      const a = document.createElement("a");
      a.href = link.path;
      a.textContent = link.text;
      told.append(" ", a);
    }
  }

  function keepHere() {
    try {
      localStorage.setItem(key, JSON.stringify({ version: version.value, fields: typed() }));
    } catch { /* A full or forbidden store: the desk still gets the text. */ }
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  }

  function changed() {
    if (same(typed(), kept)) return forget(key);
    keepHere();
    if (!halted) later(PAUSE_MS);
  }

  function send() {
    clearTimeout(timer);
    if (!sending) sending = sendNow().finally(() => { sending = null; });
    return sending;
  }

  async function sendNow() {
    const sent = typed();
    if (halted || same(sent, kept)) return;
    say(form.dataset.keeping);
    let answer;
    try {
      answer = await fetch(`/drafts/${form.dataset.draft}`, {
        method: "POST",
        body: new URLSearchParams(fields()),
        headers: { accept: "application/json", "hx-request": "true" },
        credentials: "same-origin",
      });
    } catch {
      say(form.dataset.offline);
      later(AGAIN_MS);
      return;
    }
    await heard(answer, sent);
  }

  async function heard(answer, sent) {
    const said = await answer.json().catch(() => ({}));
    if (answer.ok && said.version) {
      version.value = said.version;
      kept = sent;
      say(said.say);
      document.getElementById("plan").textContent = said.plan;
      form.dataset.here = `${said.path}?edit`;
      if (location.pathname !== said.path) history.replaceState(null, "", form.dataset.here);
      if (same(typed(), kept)) forget(key);
      else changed();
    } else if (answer.status === 401) {
      halted = true;
      const back = encodeURIComponent(form.dataset.here);
      say(form.dataset.expired, { path: `/sign-in?next=${back}`, text: form.dataset.enter });
    } else if (answer.status === 409) {
      halted = true;
      say(said.say);
      compare.hidden = false;
    } else if (answer.status === 410) {
      halted = true;
      say(said.say, { path: said.path, text: "→" });
    } else if (answer.status >= 500 || answer.status === 429) {
      say(form.dataset.offline);
      later(AGAIN_MS);
    } else {
      halted = true;
      say(form.dataset.refused);
    }
  }

  // Puts a text into the fields that the page has. Files are as the desk knows them.
  function put(texts) {
    const boxes = new Set(texts.filter(([name]) => name === "channels").map(([, value]) => value));
    for (const box of form.querySelectorAll("input[type=checkbox][name=channels]")) box.checked = boxes.has(box.value);
    for (const [name, value] of texts) {
      if (name === "channels" || name.startsWith("media.")) continue;
      const field = form.elements.namedItem(name);
      if (field && "value" in field && field.type !== "hidden") field.value = value;
    }
  }

  // What could not be kept the last time: put back, or, where someone wrote meanwhile, offered for comparing.
  function restore() {
    if (merging) return keepHere();
    const found = recall(key);
    if (found && !same(found.fields, kept)) {
      if (found.version !== version.value) return setAside(found);
      put(found.fields);
      say(form.dataset.restored);
      changed();
    } else {
      forget(key);
    }
    const aside = recall(other);
    if (aside) offer(aside);
  }

  function setAside(found) {
    try { localStorage.setItem(other, JSON.stringify(found)); } catch { return; }
    forget(key);
    offer(found);
  }

  function offer(found) {
    say(form.dataset.other);
    compare.hidden = false;
    compare.addEventListener("click", () => {
      halted = true;
      put(found.fields);
      forget(other);
    }, { once: true });
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });

  // A button waits for what is on its way: it would know an older version, and seem to be someone else.
  let passes = false;
  form.addEventListener("submit", (event) => {
    if (passes || halted) return;
    event.preventDefault();
    const button = event.submitter;
    Promise.resolve(send()).then(() => {
      if (halted || !same(typed(), kept)) return;
      // Not before the event is over: while a form tells of a submission it takes no other.
      setTimeout(() => {
        passes = true;
        form.requestSubmit(button);
        passes = false;
      });
    });
  });

  const text = document.getElementById("body");
  const MARKS = {
    bold: () => around("**", "**"),
    italic: () => around("*", "*"),
    link: () => around("[", "](https://)"),
    list: () => lines("- "),
    quote: () => lines("> "),
  };

  function replace(from, to, what, start, end) {
    text.focus();
    text.setRangeText(what, from, to, "end");
    text.setSelectionRange(start, end);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function around(before, after) {
    const { selectionStart: from, selectionEnd: to, value } = text;
    const chosen = value.slice(from, to);
    const start = from + before.length;
    // A link without an address yet: the address is what comes next.
    const address = start + chosen.length + 2;
    if (before === "[" && chosen) replace(from, to, before + chosen + after, address, address + 8);
    else replace(from, to, before + chosen + after, start, start + chosen.length);
  }

  function lines(mark) {
    const { selectionStart, selectionEnd, value } = text;
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionEnd);
    const to = end < 0 ? value.length : end;
    const marked = value.slice(from, to).split("\n").map((line) => mark + line).join("\n");
    replace(from, to, marked, from, from + marked.length);
  }

  const bar = form.querySelector("[role=toolbar]");
  bar.hidden = false;
  const buttons = [...bar.querySelectorAll("button")];
  buttons.forEach((button, index) => {
    button.tabIndex = index ? -1 : 0;
    button.addEventListener("click", () => MARKS[button.dataset.mark]());
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  });
  text.addEventListener("keydown", (event) => {
    // By the place of the key: the Russian layout has other letters there.
    const mark = { KeyB: "bold", KeyI: "italic", KeyK: "link" }[event.code];
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    MARKS[mark]();
  });

  // A draft that is not kept yet is found again by its id: after a reload, after signing in.
  if (version.value === "0") history.replaceState(null, "", form.dataset.here);
  restore();
})();
