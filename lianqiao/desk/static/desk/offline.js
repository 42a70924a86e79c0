"use strict";
// Keeps the village's form, and nothing else, at hand for when there is no connection. It holds no data of anybody.
const SHELF = "lianqiao-form-1";
const FORM = new URL("new/", self.registration.scope).href;
const ours = (request) => request.method === "GET" && request.headers.get("Accept") !== "application/json";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(gather)));

async function gather() {
  const shelf = await caches.open(SHELF);
  const page = await fetch(FORM);
  if (!page.ok || page.redirected) return;
  const text = await page.clone().text();
  await shelf.put(FORM, page);
  const parts = [...text.matchAll(/(?:href|src)="([^"]+\.(?:css|js|svg))"/g)].map((found) => new URL(found[1], FORM).href);
  await Promise.all(parts.map(async (part) => shelf.put(part, await fetch(part))));
}

self.addEventListener("fetch", (event) => {
  if (!ours(event.request)) return;
  if (event.request.mode === "navigate" && !event.request.url.startsWith(FORM)) return;
  event.respondWith(
    fetch(event.request).then(
      async (answer) => {
        if (event.request.mode === "navigate" && answer.ok && !answer.redirected) await (await caches.open(SHELF)).put(FORM, answer.clone());
        return answer;
      },
      async () => (await (await caches.open(SHELF)).match(event.request.mode === "navigate" ? FORM : event.request)) || Response.error(),
    ),
  );
});
