// Lays a calendar over the month and the week where there is room for it: posts are dragged to another time. The table
// stays below it, for keyboards and screen readers; without this script it is all there is.
(() => {
  "use strict";
  const drawn = document.getElementById("drawn");
  const table = document.getElementById("table");
  if (!drawn || !table || !window.EventCalendar || !window.matchMedia("(min-width: 48rem)").matches) return;
  const told = document.getElementById("told");
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["x-csrf-token"];
  const views = { month: "dayGridMonth", week: "timeGridWeek" };

  // The clocks of the organisation, as they were told: no zone is put in between.
  const two = (n) => String(n).padStart(2, "0");
  const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const wall = (at) => `${day(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;

  const tell = (words, isBad) => {
    told.textContent = words;
    told.className = isBad ? "notice bad" : "notice good";
    told.hidden = false;
  };

  const load = async (span) => {
    const answer = await fetch(`${drawn.dataset.events}&start=${day(span.start)}&end=${day(span.end)}`, {
      headers: { accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const move = async (drop) => {
    const { move_to: moveTo, fields } = drop.event.extendedProps;
    const wish = new URLSearchParams(fields);
    wish.set("at", wall(drop.event.start));
    try {
      const answer = await fetch(moveTo, {
        method: "POST",
        headers: { accept: "application/json", "x-csrf-token": token },
        body: wish,
      });
      const said = await answer.json();
      if (answer.ok) {
        tell(said.told, false);
        window.htmx?.ajax("GET", location.href, { target: "#table", select: "#table", swap: "outerHTML" });
      } else {
        drop.revert();
        tell(said.why, true);
      }
    } catch {
      drop.revert();
      tell(drawn.dataset.failed, true);
    }
    // Followers lie elsewhere now, and so may what someone else moved.
    calendar.refetchEvents();
  };

  const content = ({ event, timeText }) => {
    const link = document.createElement("a");
    link.href = event.extendedProps.href;
    link.draggable = false;
    link.title = [event.title, event.extendedProps.state].filter(Boolean).join(" · ");
    const time = document.createElement("time");
    time.textContent = event.allDay ? "" : timeText;
    link.append(time, " ", event.title);
    return { domNodes: [link] };
  };

  drawn.hidden = false;
  const calendar = window.EventCalendar.create(document.getElementById("event-calendar"), {
    view: views[drawn.dataset.view],
    date: `${drawn.dataset.at}T00:00:00`,
    locale: drawn.dataset.language,
    firstDay: 1,
    headerToolbar: { start: "", center: "", end: "" },
    eventSources: [{ events: (span, done, failed) => void load(span).then(done, (why) => {
      tell(drawn.dataset.failed, true);
      failed(why);
    }) }],
    eventContent: content,
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
    scrollTime: "08:00:00",
    height: drawn.dataset.view === "week" ? "44rem" : undefined,
  });

  // It calls itself a table and lays articles into it, which no screen reader can walk. The real table stands below.
  const marks = ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"];
  const marked = marks.map((mark) => `#event-calendar [${mark}]`).join();
  const plain = () => drawn.querySelectorAll(marked).forEach((part) => marks.forEach((mark) => part.removeAttribute(mark)));
  new MutationObserver(plain).observe(drawn, { subtree: true, childList: true, attributeFilter: marks });
  plain();

  const below = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = document.getElementById("table-heading").textContent;
  table.before(below);
  below.append(summary, table);
})();
