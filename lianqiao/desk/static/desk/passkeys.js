"use strict";
// Passkeys: asks the browser for one, puts the answer into the form and sends it. Where there are none, the forms stay hidden.
const able = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
document.querySelectorAll("form[data-passkey]").forEach((form) => {
  form.hidden = !able;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const asked = form.dataset.options
      ? JSON.parse(form.dataset.options)
      : await (await fetch(form.dataset.ask, { headers: { Accept: "application/json" } })).json();
    try {
      form.elements.credential.value = JSON.stringify(await answer(form.dataset.passkey, asked));
    } catch {
      return; // the person has put it off
    }
    form.submit();
  });
});
document.querySelectorAll("[data-no-passkeys]").forEach((note) => {
  note.hidden = Boolean(able);
});

async function answer(how, asked) {
  if (how === "get") {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.request_options.publicKey);
    return navigator.credentials.get({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.creation_options.publicKey);
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return navigator.credentials.create({ publicKey });
}
