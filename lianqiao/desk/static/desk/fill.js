"use strict";
// Filling in goes without this too. With it: Enter moves on, Ctrl+Enter submits, problems are told while typing, files are
// dropped and previewed, and what was typed survives a lost connection (never ID numbers, never files).
const form = document.querySelector("form[data-fill]");
const key = "lianqiao:" + form.dataset.draft;
const boxes = () => [...form.elements].filter((box) => box.name && box.type !== "hidden" && box.type !== "file" && box.type !== "checkbox" && box.tagName !== "BUTTON" && !("secret" in box.dataset));
const sheet = () => Object.fromEntries(boxes().map((box) => [box.name, box.value]));
const opened = JSON.stringify(sheet());
let touched = false;

// Keys
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-main]"));
  } else if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
    const save = form.querySelector("[data-save]");
    event.preventDefault();
    if (save) form.requestSubmit(save);
  } else if (event.key === "Enter" && event.target.matches("input:not([type=checkbox]):not([type=file]), select")) {
    event.preventDefault();
    const order = [...form.elements].filter((box) => box.offsetParent && !box.disabled && box.type !== "file");
    order[order.indexOf(event.target) + 1]?.focus();
  }
});

// Problems beside the field, as the server sees them
let waiting;
form.addEventListener("change", (event) => {
  if (event.target.type === "file" || event.target.type === "checkbox") return;
  clearTimeout(waiting);
  waiting = setTimeout(ask, 150);
});
async function ask() {
  const data = new FormData(form);
  for (const name of [...data.keys()]) if (name.startsWith("file-")) data.delete(name);
  data.append("check", "1");
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (answer.ok) tell(await answer.json());
  } catch {
    // no connection: what is typed stays in the draft
  }
}
function tell(problems) {
  form.querySelectorAll(".err").forEach((place) => {
    const name = place.id.replace(/^id_|_error$/g, "");
    const box = form.elements[name];
    // What is still empty is not told before the form is sent.
    const told = box && box.value === "" && !place.textContent ? [] : problems[name] || [];
    place.textContent = told.join(" ");
    if (box) box.setAttribute("aria-invalid", told.length ? "true" : "false");
  });
}

// The draft
form.addEventListener("input", () => {
  touched = true;
  const held = sheet();
  if (JSON.stringify(held) === opened) return;
  localStorage.setItem(key, JSON.stringify(held));
  form.querySelector("[data-saved]").hidden = false;
});
const offer = form.querySelector("[data-offer]");
const kept = localStorage.getItem(key);
offer.hidden = !kept || kept === opened || Boolean(form.querySelector(".note.bad"));
form.querySelector("[data-restore]").addEventListener("click", () => {
  const held = JSON.parse(kept);
  boxes().forEach((box) => {
    if (box.name in held) box.value = held[box.name];
  });
  offer.hidden = true;
  ask();
});
form.querySelector("[data-forget]").addEventListener("click", () => {
  localStorage.removeItem(key);
  offer.hidden = true;
});
// Once the server says that it has taken the row, the draft has done its duty (desk.js).
form.addEventListener("submit", () => {
  touched = false;
  sessionStorage.setItem("lianqiao:sent", key);
});
addEventListener("beforeunload", (event) => {
  if (touched && JSON.stringify(sheet()) !== opened) event.preventDefault();
});
