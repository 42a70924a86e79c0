"use strict";
// The village's form without a connection. Whoever is entered gets a key here, is kept in this browser until the server
// has said that it holds him, and is then forgotten here. Sent twice, the server takes one key once.
// The form goes without this too: it is then an ordinary form.
const form = document.querySelector("form[data-seeker]");
const shelf = `lianqiao:seekers:${form.dataset.person}`;
const [SENT, KEPT, EDIT, DROP, SIGN_IN, NEEDED, SURE] = form.dataset.words.split("|");
const kept = document.querySelector("[data-kept]");
const sent = document.querySelector("[data-sent]");
const line = document.querySelector("[data-line]");
const REMEMBERED = ["village", "available_from", "node"];
let sending = false;

if ("serviceWorker" in navigator) navigator.serviceWorker.register(form.dataset.worker);

const waiting = () => JSON.parse(localStorage.getItem(shelf) || "[]");
const keep = (all) => (all.length ? localStorage.setItem(shelf, JSON.stringify(all)) : localStorage.removeItem(shelf));
const put = (one) => keep([...waiting().filter((other) => other.key !== one.key), one]);
const take = (key) => keep(waiting().filter((other) => other.key !== key));

// The form
function filled() {
  const told = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "key");
  return { key: form.elements.key.value, told, problems: {} };
}
function fresh() {
  const stay = REMEMBERED.map((name) => [name, form.elements[name]?.value]);
  form.reset();
  for (const [name, value] of stay) if (value !== undefined) form.elements[name].value = value;
  form.elements.key.value = crypto.randomUUID();
  tell({});
  form.elements.name.focus();
}
function open(one) {
  form.reset();
  form.elements.key.value = one.key;
  for (const [name, value] of one.told)
    for (const box of form.querySelectorAll(`[name="${name}"]`)) {
      if (box.type === "checkbox") box.checked = box.checked || box.value === value || value === "on";
      else box.value = value;
    }
  tell(one.problems);
}
function tell(problems) {
  for (const place of form.querySelectorAll(".err")) {
    const name = place.id.replace(/^id_|_error$/g, "");
    place.textContent = (problems[name] || []).join(" ");
    for (const box of form.querySelectorAll(`[name="${name}"]`)) box.setAttribute("aria-invalid", name in problems);
  }
  const first = form.querySelector("[aria-invalid=true]");
  if (first) first.focus();
}
// What can be said without the server: what is empty.
function empty() {
  const problems = {};
  for (const box of form.querySelectorAll(".box")) {
    const field = box.querySelector("input, select, textarea");
    if (!box.querySelector(".need") || !field || field.closest(".many")) continue;
    const known = ["gender", "birth_year"].includes(field.name) && form.elements.id_number.value.trim();
    if (!known && !(field.type === "checkbox" ? field.checked : field.value.trim())) problems[field.name] = [NEEDED];
  }
  return problems;
}
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const problems = empty();
  tell(problems);
  if (Object.keys(problems).length) return;
  const one = filled();
  put(one);
  fresh();
  say(KEPT, one);
  show();
  await send();
});

// What is still to be sent
function show() {
  const all = waiting();
  kept.hidden = !all.length;
  kept.querySelector("[data-count]").textContent = all.length;
  kept.querySelector("[data-list]").replaceChildren(...all.map(row));
}
function row(one) {
  const told = Object.fromEntries(one.told);
  const item = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = (told.name || "").slice(0, 1) + "**";
  item.append(name, ` ${told.village || ""} `);
  const problem = Object.values(one.problems).flat().join(" ");
  if (problem) {
    const why = document.createElement("span");
    why.className = "red";
    why.textContent = problem;
    item.append(why);
  }
  item.append(button(EDIT, () => open(one)), button(DROP, () => confirm(SURE) && (take(one.key), show())));
  return item;
}
function button(word, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = word;
  made.addEventListener("click", act);
  return made;
}
function say(word, one, number = "") {
  sent.hidden = false;
  sent.textContent = `${(Object.fromEntries(one.told).name || "").slice(0, 1)}** ${word} ${number}`.trim();
}

// Sending: one after the other, each until the server answers for its key
async function send() {
  if (sending || !waiting().length) return;
  sending = true;
  try {
    const csrf = await token();
    for (const one of waiting()) if (!Object.keys(one.problems).length && !(await post(one, csrf))) break;
  } catch {
    // no connection: they stay
  }
  sending = false;
  show();
}
async function token() {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (answer.redirected || !answer.ok) {
    sent.hidden = false;
    sent.textContent = SIGN_IN;
    throw new Error(SIGN_IN);
  }
  line.hidden = true;
  return (await answer.json()).csrf;
}
async function post(one, csrf) {
  const body = new FormData();
  for (const [name, value] of [...one.told, ["key", one.key]]) body.append(name, value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": csrf } });
  if (answer.redirected) return false;
  if (answer.ok) {
    take(one.key);
    say(SENT, one, (await answer.json()).number);
  } else if (answer.status === 400) {
    put({ ...one, problems: (await answer.json()).problems });
  } else return false;
  show();
  return true;
}
document.querySelector("[data-send]").addEventListener("click", () => {
  keep(waiting().map((one) => ({ ...one, problems: {} })));
  send();
});
addEventListener("online", () => ((line.hidden = true), send()));
addEventListener("offline", () => (line.hidden = false));
line.hidden = navigator.onLine;
show();
send();
