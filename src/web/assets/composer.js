// The composer: keeps what is typed, here until the desk has it; marks up the text. Without this file the form works as
// it stands.
(() => {
  "use strict";

  // The texts of a draft and a person: a computer may have several people, and a person several tabs.
  const place = (draft, person) => `draft:${person}:${draft}`;
  // Under which key the text lies that this tab is comparing.
  const comparing = (draft, person) => `comparing:${place(draft, person)}`;

  for (const link of document.querySelectorAll("[data-forget]")) {
    link.addEventListener("click", () => forgetCompared(comparing(link.dataset.forget, link.dataset.person)));
  }

  const form = document.getElementById("composer");
  if (!form) return;
  const texts = place(form.dataset.draft, form.dataset.person);
  // Each page has a key of its own: another tab neither overwrites its text nor forgets it.
  const key = `${texts}:${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  const compared = comparing(form.dataset.draft, form.dataset.person);
  const told = document.getElementById("kept");
  const compare = document.getElementById("compare");
  const version = form.elements.namedItem("version");
  const preview = document.getElementById("preview");
  const PAUSE_MS = 2000;
  const AGAIN_MS = 10000;

  function forget(key) {
    try { localStorage.removeItem(key); } catch { /* A browser that keeps nothing has nothing to forget. */ }
  }

  function forgetCompared(compared) {
    try {
      const key = sessionStorage.getItem(compared);
      if (key) forget(key);
      sessionStorage.removeItem(compared);
    } catch { /* It is offered once more. */ }
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
  // As the desk keeps it: it lets go of what means nothing around a text.
  const isText = (name) => name === "body" || name.startsWith("overrides.");
  const tidy = (fields) => fields.map(([name, value]) => {
    const text = value.replaceAll("\r\n", "\n");
    return [name, isText(name) ? text.trimEnd() : text.trim()];
  });

  // What the desk has. While two texts are being merged it has neither.
  const merging = "merging" in form.dataset;
  let kept = merging ? null : typed();
  let sending = null;
  let timer = 0;
  // Whoever merges says when they are done: half of it must not take the place of what the other wrote.
  let halted = merging;
  // A text of another page, to be compared with what the desk has; otherwise it is this page's own.
  let offered = null;

  function say(text, link, isUrgent = Boolean(link)) {
    told.textContent = text;
    told.classList.toggle("urgent", isUrgent);
    if (link) {
      const a = document.createElement("a");
      a.href = link.path;
      a.textContent = link.text;
      told.append(" ", a);
    }
  }

  function keepHere() {
    try {
      const text = { version: version.value, fields: typed(), at: Date.now(), merging };
      localStorage.setItem(key, JSON.stringify(text));
      return true;
    } catch {
      // A full or forbidden store: the desk still gets the text.
      return false;
    }
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
      signedOut();
    } else if (answer.status === 409) {
      halted = true;
      say(said.say, undefined, true);
      compare.hidden = false;
      offered = null;
    } else if (answer.status === 410) {
      halted = true;
      say(said.say, { path: said.path, text: "→" });
    } else if (answer.status >= 500 || answer.status === 429) {
      say(form.dataset.failed);
      later(AGAIN_MS);
    } else if (answer.status === 422 && said.say) {
      // The next letter tries again.
      say(said.say);
      told.classList.add("urgent");
    } else {
      halted = true;
      say(form.dataset.refused);
    }
  }

  // Nobody is taken away from what they are writing: the page stays, and says where the way on is.
  let isSignedOut = false;
  function signedOut() {
    halted = true;
    // Aloud once, however many requests find it out.
    if (isSignedOut) return;
    isSignedOut = true;
    keepHere();
    const back = encodeURIComponent(form.dataset.here);
    say(form.dataset.expired, { path: `/sign-in?next=${back}`, text: form.dataset.enter });
  }

  // htmx would follow the answer to the door.
  preview.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault();
    signedOut();
  });

  // What kept the draft from being queued is out of date with the first letter. From then on the view of the text says
  // what is still wrong; the box keeps its height, so that nothing moves under the hands of whoever types.
  const problems = document.getElementById("problems");
  if (problems) {
    const heading = problems.querySelector("strong").textContent;
    let isTyped = false;
    form.addEventListener("input", () => { isTyped = true; });
    preview.addEventListener("htmx:afterSwap", () => {
      if (!isTyped) return;
      const left = [...preview.querySelectorAll("[data-problem]")].map((item) => {
        const where = item.dataset.problem;
        return { field: item.dataset.field, text: (where ? `${where}: ` : "") + item.textContent.trim() };
      });
      problems.style.minBlockSize ||= `${problems.offsetHeight}px`;
      // It was told aloud as a whole; what changes is told beside the text.
      problems.removeAttribute("role");
      problems.classList.toggle("bad", left.length > 0);
      problems.classList.toggle("good", left.length === 0);
      problems.querySelector("strong").textContent = left.length ? heading : form.dataset.mended;
      problems.querySelector("ul").replaceChildren(...left.map(({ field, text }, place) => {
        const item = document.createElement("li");
        item.id = `mistake-${place}`;
        const named = document.createElement(field && document.getElementById(field) ? "a" : "span");
        if (named.href !== undefined) named.href = `#${field}`;
        named.textContent = text;
        item.append(named);
        return item;
      }));
      mark(left.map(({ field }) => field));
    });
  }

  // Fields say of themselves what is wrong in them, as long as it is. A group is neither right nor wrong; a picture's
  // text alternative is looked after where it is typed.
  function mark(wrong) {
    for (const field of form.querySelectorAll("input, textarea, fieldset")) {
      const about = wrong.flatMap((id, place) => (id && id === field.id ? [`mistake-${place}`] : []));
      const hints = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.startsWith("mistake-"));
      const described = [...hints, ...about].join(" ");
      if (described) field.setAttribute("aria-describedby", described);
      else field.removeAttribute("aria-describedby");
      if (field.name === "media.alt" || field.matches("fieldset")) continue;
      if (about.length) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  // Puts a text into the fields that the page has; says whether it has all of them.
  function put(texts) {
    const boxes = new Set(texts.filter(([name]) => name === "channels").map(([, value]) => value));
    for (const box of form.querySelectorAll("input[type=checkbox][name=channels]")) box.checked = boxes.has(box.value);
    for (const [name, value] of texts) {
      if (name === "channels" || name.startsWith("media.")) continue;
      const field = form.elements.namedItem(name);
      if (field && "value" in field && field.type !== "hidden") field.value = value;
    }
    return putFiles(texts.filter(([name]) => name.startsWith("media.")));
  }

  // Files in their order, each with its words. One that the page does not show travels hidden until the desk has it.
  function putFiles(fields) {
    const list = form.querySelector(".file-list");
    const files = [];
    for (const [name, value] of fields) {
      if (name === "media.sha256") files.push({ sha256: value, fields: [] });
      files.at(-1)?.fields.push([name, value]);
    }
    let isWhole = true;
    const shown = files.map(({ sha256, fields }) => {
      const item = [...list.children].find((item) => item.dataset.sha256 === sha256);
      if (item) {
        describe(item, fields);
        return item;
      }
      isWhole = false;
      return hidden(sha256, fields);
    });
    list.replaceChildren(...shown);
    form.querySelector("#files [data-none]").hidden = shown.length > 0;
    return isWhole;
  }

  function describe(item, fields) {
    const words = item.querySelector("[name='media.alt']");
    const said = fields.find(([name]) => name === "media.alt");
    if (!words || !said) return;
    words.value = said[1];
    if (words.value.trim()) words.removeAttribute("aria-invalid");
  }

  function hidden(sha256, fields) {
    const item = document.createElement("li");
    item.className = "file";
    item.dataset.sha256 = sha256;
    item.dataset.name = item.textContent = fields.find(([name]) => name === "media.name")?.[1] ?? "";
    for (const [name, value] of fields) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      item.append(field);
    }
    return item;
  }

  // The texts of this draft that pages left behind, the newest first.
  function left() {
    try {
      const keys = Object.keys(localStorage).filter((other) => other.startsWith(texts) && other !== key);
      const found = keys.map((key) => ({ key, text: recall(key) })).filter(({ text }) => text);
      return found.sort((a, b) => (b.text.at ?? 0) - (a.text.at ?? 0));
    } catch { return []; }
  }

  // What could not be kept the last time: put back, or, where someone wrote meanwhile, offered for comparing.
  function restore() {
    if (merging) {
      if (keepHere()) forgetCompared(compared);
      return;
    }
    const others = [];
    let isBack = false;
    for (const found of left()) {
      if (same(tidy(found.text.fields), tidy(kept))) {
        forget(found.key);
      } else if (!isBack && !found.text.merging && found.text.version === version.value) {
        isBack = true;
        takeBack(found);
      } else {
        others.push(found);
      }
    }
    if (others.length) offer(others.at(-1));
  }

  function takeBack(found) {
    const isWhole = put(found.text.fields);
    // Under its new key before the old one goes.
    if (keepHere()) forget(found.key);
    say(form.dataset.restored);
    changed();
    if (!isWhole) send().then(() => { if (same(typed(), kept)) location.reload(); });
  }

  // It stays here until the desk has it, or the person has chosen the other one.
  function offer(found) {
    offered = found;
    say(form.dataset.other, undefined, true);
    compare.hidden = false;
  }

  compare.addEventListener("click", () => {
    try { sessionStorage.setItem(compared, offered ? offered.key : key); } catch { /* It is offered once more. */ }
    if (!offered) return;
    halted = true;
    put(offered.text.fields);
  });

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
