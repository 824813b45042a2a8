// Counts the minutes down between the server's events, and brings a page up to date when something has happened.
// Without it the page is the same, with times instead of a countdown.
(() => {
  "use strict";
  const region = () => document.querySelector("[data-live]");
  const first = region();
  if (!first) return;

  // The server's clock, which may run faster than ours: its time at a moment of ours.
  let server = 0, ours = 0, speed = 1;
  const setClock = (now, times) => { server = Number(now); ours = performance.now(); speed = Number(times) || 1; };
  const now = () => server + (performance.now() - ours) * speed;
  setClock(first.dataset.now, first.dataset.speed);

  const told = document.querySelector("[data-live-told]");
  const left = (milliseconds) => {
    const minutes = Math.floor(milliseconds / 60000);
    // Further away the date says more; what is over is said by whoever brings the page up to date.
    if (minutes >= 1440 || milliseconds <= 0 || !told) return "";
    const { hours, minutes: few, moment } = told.dataset;
    const words = minutes >= 60 ? hours : minutes >= 1 ? few : moment;
    return words.replace("%h", Math.floor(minutes / 60)).replace("%m", minutes % 60);
  };

  // What is told aloud: every second would be noise. A threshold that is passed, a state that has changed.
  const thresholds = Object.entries(told?.dataset ?? {}).filter(([name]) => name.startsWith("left-"))
    .map(([name, words]) => ({ from: Number(name.slice("left-".length)) * 60000, words }));
  const aloud = (words) => { if (told) { told.textContent = ""; told.textContent = words; } };

  let last = now();
  const tick = () => {
    const at = now();
    const said = [];
    for (const place of document.querySelectorAll("[data-until]")) {
      const until = Number(place.dataset.until);
      const words = left(until - at);
      if (place.textContent !== words) place.textContent = words;
      const passed = thresholds.filter(({ from }) => until - last > from && until - at <= from && until > at);
      const nearest = passed.sort((a, b) => a.from - b.from)[0];
      if (nearest) said.push(nearest.words.replace("%", () => place.dataset.what ?? ""));
    }
    last = at;
    if (said.length) aloud(said.join(". "));
  };

  const standing = () => new Map([...document.querySelectorAll("[data-leg]")]
    .map((leg) => [leg.dataset.leg, leg.querySelector(".state")?.textContent.trim()]));
  let stood = standing();
  // More than a few at once are looked at, not listened to.
  const CHANGES_MAX = 3;
  const changes = () => {
    const before = stood;
    stood = standing();
    const changed = [...stood].filter(([leg, state]) => before.get(leg) !== state);
    const few = changed.length > 0 && changed.length <= CHANGES_MAX;
    return few ? changed.map(([leg, state]) => `${leg}: ${state}`).join(". ") : told?.dataset.words;
  };

  // Nothing is taken away from under the hands of a person who types, reads what they opened, or moves by keyboard.
  const isBusy = (part) => {
    const active = document.activeElement;
    if (active && active !== part && part.contains(active)) return true;
    if (part.querySelector("details[open]:not([data-open])")) return true;
    return [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].some((field) => field.value !== field.defaultValue && field.tagName !== "SELECT");
  };
  const isOverdue = () => [...document.querySelectorAll("[data-until]")].some((place) => Number(place.dataset.until) < now() - 5000 * speed);
  const refresh = () => {
    const part = region();
    if (!part) return;
    if (isBusy(part) || !window.htmx) {
      part.querySelector("[data-live-stale]")?.removeAttribute("hidden");
      return;
    }
    window.htmx.trigger(part, "refresh");
  };

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches?.("[data-live]") && event.target !== region()) return;
    tick();
    aloud(changes());
  });

  // A browser has six connections to a host for all its windows together: only one that is looked at holds one.
  let source = null;
  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource("/live");
    source.addEventListener("state", (event) => {
      const state = JSON.parse(event.data);
      setClock(state.now, state.speed);
      const part = region();
      if (part && (part.dataset.seen !== String(state.seen) || isOverdue())) refresh();
    });
  };
  const rest = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", listen);
  listen();

  tick();
  setInterval(tick, 1000);
})();
