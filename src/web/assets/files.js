// The files of a draft: dropped or chosen, sent one by one with their progress, put in order, taken out.
// Without this script the same form sends them whole.
(() => {
  "use strict";
  const place = document.getElementById("files");
  if (!place) return;
  const form = place.closest("form");
  const input = place.querySelector("input[type=file]");
  const list = place.querySelector(".file-list");
  const progress = place.querySelector(".file-progress");
  const none = place.querySelector("[data-none]");
  const said = place.querySelector("[data-said]");
  const words = (key, what) => place.dataset[key].replace("%", () => what);
  const say = (text) => { said.textContent = text; };

  const show = (within) => within.querySelectorAll("[data-scripted]").forEach((part) => { part.hidden = false; });
  const changed = () => {
    none.hidden = list.children.length > 0;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Sending: one at a time, so that a slow line finishes the first before it begins the second.
  const waiting = [];
  let sending = false;
  const send = (files) => {
    for (const file of files) waiting.push({ file, line: lineOf(file) });
    next();
  };
  const lineOf = (file) => {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = words("loading", file.name);
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", words("loading", file.name));
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "secondary outline";
    cancel.textContent = place.dataset.cancel;
    line.append(name, bar, cancel);
    progress.append(line);
    progress.hidden = false;
    return line;
  };
  const done = (line) => {
    line.remove();
    progress.hidden = progress.children.length === 0;
  };
  const refuse = (line, text) => {
    line.textContent = "";
    const told = document.createElement("p");
    told.className = "notice bad";
    told.setAttribute("role", "alert");
    told.textContent = text;
    line.append(told);
  };
  const next = () => {
    if (sending || waiting.length === 0) return;
    sending = true;
    const { file, line } = waiting.shift();
    const over = () => { sending = false; next(); };
    const request = new XMLHttpRequest();
    line.querySelector("button").addEventListener("click", () => request.abort());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) line.querySelector("progress").value = 100 * event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* not ours */ }
      if (request.status === 201 && answer) {
        answer.files.forEach(add);
        done(line);
      } else if (request.status === 401) {
        refuse(line, place.dataset.signedOut);
      } else {
        refuse(line, answer && answer.title ? answer.title : place.dataset.cut);
      }
      over();
    });
    request.addEventListener("error", () => { refuse(line, place.dataset.cut); over(); });
    request.addEventListener("abort", () => { done(line); over(); });
    const body = new FormData();
    body.append("organisation", place.dataset.organisation);
    body.append("files", file, file.name);
    request.open("POST", "/files");
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("hx-request", "true");
    request.setRequestHeader("x-csrf-token", form.elements.csrf.value);
    request.send(body);
  };
  const add = (file) => {
    const known = list.querySelector(`[data-sha256="${file.sha256}"]`);
    if (!known) {
      const made = document.createElement("template");
      made.innerHTML = file.html;
      const item = made.content.firstElementChild;
      show(item);
      list.append(item);
      const words = item.querySelector("textarea");
      if (words && !place.contains(document.activeElement)) words.focus();
    }
    say(words("taken", file.name));
    changed();
  };

  input.addEventListener("change", () => {
    send(input.files);
    input.value = "";
  });
  // The files went by themselves: with the form they would go as names only.
  form.addEventListener("formdata", (event) => event.formData.delete("files"));

  const isFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  form.addEventListener("dragover", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    place.classList.add("is-over");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) place.classList.remove("is-over");
  });
  form.addEventListener("drop", (event) => {
    place.classList.remove("is-over");
    if (!isFiles(event)) return;
    event.preventDefault();
    send(event.dataTransfer.files);
  });

  // Order: by buttons, and by dragging.
  const placeOf = (item) => String([...list.children].indexOf(item) + 1);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const item = button.closest("li");
    if (button.dataset.do === "remove") {
      const beside = item.nextElementSibling || item.previousElementSibling;
      item.remove();
      say(words("removed", item.dataset.name));
      (beside ? beside.querySelector("button[data-do]") : input).focus();
    } else {
      const up = button.dataset.do === "up";
      const other = up ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      if (up) other.before(item); else other.after(item);
      button.focus();
      say(words("moved", placeOf(item)));
    }
    changed();
  });
  let dragged = null;
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("li");
    // Words are marked with the pointer, too.
    if (item) item.draggable = !event.target.closest("textarea, button, a");
  });
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.name);
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged); else over.after(dragged);
  });
  list.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    say(words("moved", placeOf(dragged)));
    dragged = null;
    changed();
  });
  // A described picture is no longer marked as one that is not.
  list.addEventListener("input", (event) => {
    if (event.target.name !== "media.alt") return;
    if (event.target.value.trim()) event.target.removeAttribute("aria-invalid");
    else event.target.setAttribute("aria-invalid", "true");
  });
  show(place);
})();
