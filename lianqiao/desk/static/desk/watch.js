"use strict";
// Writing a workbook goes without this. With it the page tells how far it is, and can call it off before it is committed.
const form = document.querySelector("form[data-watch]");
const place = document.querySelector(".writing");
const before = document.querySelector("[data-before]");
let mine = false;
let lost = 0;

form?.addEventListener("submit", async (event) => {
  const act = event.submitter?.value;
  if (act === "stop") {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    event.submitter.disabled = true; // of which a form would say nothing any more
    await fetch(location.href, { method: "POST", body: data, redirect: "manual" });
  } else if (act === "write" || act === "write_good") {
    event.preventDefault();
    mine = true;
    const data = new FormData(form, event.submitter);
    show();
    try {
      const answer = await fetch(location.href, { method: "POST", body: data, headers: { Accept: "application/json" } });
      location.assign(answer.ok ? (await answer.json()).to : form.dataset.after);
    } catch {
      mine = false; // the connection is lost, the writing goes on: what comes of it is asked for
    }
  }
});
function show() {
  place.hidden = false;
  if (before) before.hidden = true;
  ask();
}
async function ask() {
  try {
    const answer = await fetch(form.dataset.watch, { headers: { Accept: "application/json" } });
    if (answer.status === 200) {
      tell(await answer.json());
      lost = 0;
    } else if (!mine && (answer.status === 404 || ++lost > 3)) {
      location.assign(answer.status === 404 ? form.dataset.after : location.href);
      return;
    }
  } catch {
    // asked again soon
  }
  setTimeout(ask, 400);
}
function tell(stage) {
  place.querySelector("[data-stage]").textContent = stage.name;
  place.querySelector("[data-count]").textContent = stage.of ? `${stage.done.toLocaleString("zh-CN")} / ${stage.of.toLocaleString("zh-CN")}` : "";
  const bar = place.querySelector("progress");
  if (stage.of) bar.setAttribute("value", stage.done / stage.of);
  else bar.removeAttribute("value");
}
if (form && "writing" in form.dataset) show();
