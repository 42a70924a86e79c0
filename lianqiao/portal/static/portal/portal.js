// Two conveniences under an article; without script they are not shown.
for (const one of document.querySelectorAll("[data-print]")) {
  one.hidden = false;
  one.addEventListener("click", () => print());
}
for (const one of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  one.hidden = false;
  one.addEventListener("click", async () => {
    await navigator.clipboard.writeText(one.dataset.copy);
    one.textContent = one.dataset.copied;
  });
}
