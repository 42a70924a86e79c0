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
