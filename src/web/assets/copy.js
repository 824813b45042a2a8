// Copies the text that a button names: what a person puts up by hand, or a secret that is shown once.
(() => {
  "use strict";
  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    // A browser gives its clipboard to pages over TLS alone; an office's own network often has none.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    if (!isDone) throw new Error("not copied");
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    const place = button && document.getElementById(button.dataset.copy);
    if (!place) return;
    const told = button.parentElement.querySelector("[role=status]");
    const say = (words) => { if (told) told.textContent = words; };
    say("");
    try {
      await copy(place.matches("input") ? place.value : place.textContent);
      say(button.dataset.done);
    } catch {
      say(button.dataset.failed);
    }
    button.focus();
  });
})();
