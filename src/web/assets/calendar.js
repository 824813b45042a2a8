// Lays a calendar over the month and the week where there is room for it: posts are dragged to another time. The table
// stays below it, for keyboards and screen readers; without this script, and in a narrow window, it is all there is.
(() => {
  "use strict";
  const drawn = document.getElementById("drawn");
  const table = document.getElementById("table");
  if (!drawn || !table || !window.EventCalendar) return;
  const isWeek = drawn.dataset.view === "week";
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["x-csrf-token"];
  const views = { month: "dayGridMonth", week: "timeGridWeek" };
  let calendar = null;

  // The clocks of the organisation, as they were told: no zone is put in between.
  const two = (n) => String(n).padStart(2, "0");
  const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const wall = (at) => `${day(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;

  // What became of a move is told where it can be seen from everywhere, and shifts nothing.
  const told = document.getElementById("told");
  const words = told.querySelector("[role]");
  const undo = told.querySelector("[data-undo]");
  let back = null;
  const tell = (said, isBad, wayBack) => {
    told.className = `notice told ${isBad ? "bad" : "good"}`;
    words.setAttribute("role", isBad ? "alert" : "status");
    told.hidden = false;
    words.textContent = said;
    back = wayBack ?? null;
    undo.hidden = !back;
  };
  told.querySelector("[data-close]").addEventListener("click", () => { told.hidden = true; });

  const load = async (span) => {
    const answer = await fetch(`${drawn.dataset.events}&start=${day(span.start)}&end=${day(span.end)}`, {
      headers: { accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  // Sends a move. What it gives leads back to `from`; nothing: it was refused, and that is told.
  const send = async (moveTo, fields, at, from) => {
    const wish = new URLSearchParams(fields);
    wish.set("at", at);
    let answer, said;
    try {
      answer = await fetch(moveTo, {
        method: "POST",
        headers: { accept: "application/json", "x-csrf-token": token },
        body: wish,
      });
      said = await answer.json();
    } catch {
      tell(drawn.dataset.failed, true);
      return false;
    }
    if (!answer.ok) {
      tell(said.why, true);
      return false;
    }
    tell(said.told, false, from && { moveTo, fields: said.fields, at: from });
    window.htmx?.ajax("GET", location.href, { target: "#table", select: "#table", swap: "outerHTML" });
    return true;
  };

  const move = async (drop) => {
    const { move_to: moveTo, fields } = drop.event.extendedProps;
    if (!(await send(moveTo, fields, wall(drop.event.start), wall(drop.oldEvent.start)))) drop.revert();
    // Followers lie elsewhere now, and so may what someone else moved.
    calendar.refetchEvents();
  };

  undo.addEventListener("click", async () => {
    if (!back) return;
    const { moveTo, fields, at } = back;
    back = null;
    undo.hidden = true;
    await send(moveTo, fields, at, null);
    calendar.refetchEvents();
  });

  const part = (name, text) => {
    const place = document.createElement("span");
    place.className = name;
    place.textContent = text;
    return place;
  };

  // A week has room for two lines of a post: what it is stands in the first.
  const content = ({ event, timeText }) => {
    const { href, state, channels } = event.extendedProps;
    const link = document.createElement("a");
    link.href = href;
    link.draggable = false;
    link.title = [event.title, channels, state].filter(Boolean).join(" · ");
    if (href === drawn.dataset.moved) link.classList.add("is-moved");
    const time = document.createElement("time");
    time.textContent = event.allDay ? "" : timeText;
    const title = part("what", event.title);
    const where = part("where", channels ?? "");
    // Its colour says the same to those who see it.
    const stands = part("stands", state ?? "");
    link.append(...(isWeek ? [title, " ", time, " ", where] : [time, " ", title, " ", where]), " ", stands);
    return { domNodes: [link] };
  };

  // Where a form moved a post, it is looked for once.
  const find = () => {
    const moved = drawn.querySelector(".is-moved");
    if (!moved) return;
    drawn.removeAttribute("data-moved");
    moved.scrollIntoView({ block: "center" });
  };

  const draw = () => {
    drawn.hidden = false;
    calendar = window.EventCalendar.create(document.getElementById("event-calendar"), {
      view: views[drawn.dataset.view],
      date: `${drawn.dataset.at}T00:00:00`,
      locale: drawn.dataset.language,
      firstDay: 1,
      headerToolbar: { start: "", center: "", end: "" },
      eventSources: [{ events: (span, done, failed) => void load(span).then(done, (why) => {
        tell(drawn.dataset.broken, true);
        failed(why);
      }) }],
      eventContent: content,
      eventAllUpdated: () => { if (drawn.dataset.moved) find(); },
      eventTimeFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
      slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
      eventDrop: move,
      eventStartEditable: true,
      eventDurationEditable: false,
      dayMaxEvents: true,
      displayEventEnd: false,
      allDayContent: drawn.dataset.more,
      highlightedDates: [`${drawn.dataset.today}T00:00:00`],
      snapDuration: "00:05",
      slotHeight: isWeek ? 40 : undefined,
      scrollTime: "08:00:00",
      height: isWeek ? "52rem" : undefined,
    });

    // It calls itself a table and lays articles into it, which no screen reader can walk. The real table stands below.
    const marks = ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"];
    const marked = marks.map((mark) => `#event-calendar [${mark}]`).join();
    const plain = () => drawn.querySelectorAll(marked).forEach((place) => marks.forEach((mark) => place.removeAttribute(mark)));
    new MutationObserver(plain).observe(drawn, { subtree: true, childList: true, attributeFilter: marks });
    plain();
  };

  const below = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = document.getElementById("table-heading").textContent;
  below.append(summary);

  // The same width as in the style: a window that is made narrow shows the table, one that is made wide is drawn upon.
  const wide = window.matchMedia("(min-width: 64.01rem)");
  const lay = () => {
    const place = document.getElementById("table");
    drawn.hidden = !wide.matches;
    if (wide.matches && !below.contains(place)) {
      place.before(below);
      below.append(place);
    } else if (!wide.matches && below.contains(place)) {
      below.replaceWith(place);
    }
    if (wide.matches && !calendar) draw();
  };
  wide.addEventListener("change", lay);
  lay();
})();
