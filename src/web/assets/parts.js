// A part of the page that could not be brought is not passed over in silence: the link that was to bring it is followed,
// and the form that was to change it is sent, as without scripts. What went wrong then stands on a page of its own.
(() => {
  "use strict";
  const otherwise = (event) => {
    const asked = event.detail.elt;
    if (asked.matches("a[href]")) location.assign(asked.href);
    else if (asked.matches("form[action]")) asked.submit();
  };
  document.body.addEventListener("htmx:responseError", otherwise);
  document.body.addEventListener("htmx:sendError", otherwise);
})();
