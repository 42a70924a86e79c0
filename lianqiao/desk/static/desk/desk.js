"use strict";
// Reading needs none of this: it copies an address, submits a filter when it is changed, folds the tree on a phone.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href).then(() => {
    button.textContent = button.dataset.done;
  });
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form && event.target.matches("select")) form.requestSubmit();
});
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
});
if (matchMedia("(max-width: 760px)").matches) {
  document.querySelectorAll("details.side").forEach((side) => side.removeAttribute("open"));
}
// A form that was sent and has been taken needs its draft no more (fill.js).
const sent = sessionStorage.getItem("lianqiao:sent");
if (sent && document.querySelector(".told:not(.bad)")) {
  localStorage.removeItem(sent);
  sessionStorage.removeItem("lianqiao:sent");
}
// Single keys: / finds, N adds, E edits, J and K move, A passes, R returns. Off while typing, and for whoever wants them off.
document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const place = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!place) return;
  event.preventDefault();
  if (place.matches("input, textarea")) place.focus();
  else place.click();
});
// What is chosen in a list, and all of it at once.
const bulk = document.getElementById("bulk");
if (bulk) {
  const boxes = () => [...document.querySelectorAll("input[form=bulk][name=number]")];
  const every = document.querySelector("[data-every]");
  const count = () => {
    const chosen = boxes().filter((box) => box.checked);
    bulk.querySelector("[data-count]").textContent = chosen.length;
    boxes().forEach((box) => box.closest("tr").classList.toggle("on", box.checked));
    if (every) every.checked = chosen.length > 0 && chosen.length === boxes().length;
  };
  every?.addEventListener("change", () => {
    boxes().forEach((box) => (box.checked = every.checked));
    count();
  });
  document.addEventListener("change", (event) => event.target.matches("input[form=bulk]") && count());
  count();
}
