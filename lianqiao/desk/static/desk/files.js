"use strict";
// Files are dropped on their place, listed and previewed; a suggested value is put into its box. Both go without this.
document.querySelectorAll("[data-drop]").forEach((tile) => {
  const input = tile.querySelector("input[type=file]");
  tile.addEventListener("dragover", (event) => {
    event.preventDefault();
    tile.classList.add("over");
  });
  tile.addEventListener("dragleave", () => tile.classList.remove("over"));
  tile.addEventListener("drop", (event) => {
    event.preventDefault();
    tile.classList.remove("over");
    const all = new DataTransfer();
    [...(input.multiple ? input.files : []), ...event.dataTransfer.files].forEach((file) => all.items.add(file));
    input.files = all.files;
    show(tile, input);
  });
  input.addEventListener("change", () => show(tile, input));
});
function show(tile, input) {
  const list = tile.querySelector(".got");
  list.replaceChildren(
    ...[...input.files].map((file) => {
      const item = document.createElement("li");
      if (file.type.startsWith("image/")) {
        const picture = document.createElement("img");
        picture.alt = "";
        const reader = new FileReader();
        reader.addEventListener("load", () => (picture.src = reader.result));
        reader.readAsDataURL(file);
        item.append(picture);
      }
      item.append(file.name);
      return item;
    }),
  );
}
document.querySelectorAll("[data-suggest]").forEach((button) => {
  button.addEventListener("click", () => {
    const box = button.previousElementSibling;
    box.value = button.dataset.suggest;
    box.focus();
  });
});
