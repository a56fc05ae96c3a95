// A form is sent once, however often its button is pressed; a text that was typed is kept until its page has arrived.
const KEEP = "draft:", SENT = "sent", WHOSE = "draft-of";

export function sendOnce(root) {
  leave(root);
  forget(root);
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.getAttribute("action")?.endsWith("/sign-out/")) { clear(); return; }
    form.dataset.sent = "1";
    const areas = [...form.querySelectorAll("textarea[name]")];
    areas.forEach((area) => sessionStorage.setItem(name(area), area.value));
    sessionStorage.setItem(SENT, JSON.stringify(areas.map(name)));
  });
  addEventListener("pageshow", () => root.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
  root.addEventListener("input", (event) => {
    const area = event.target.closest("textarea[name]");
    if (area) sessionStorage.setItem(name(area), area.value);
  });
  root.addEventListener("paste", (event) => {
    const field = event.target.closest("textarea[maxlength], input[maxlength]");
    if (field) measure(root, field, event.clipboardData.getData("text").length);
  });
  restore(root);
}

// The browser cuts off what is too long, and says nothing; so the page does.
function measure(root, field, pasted) {
  const room = field.maxLength - field.value.length + field.selectionEnd - field.selectionStart;
  const before = root.getElementById(`${field.id}-cut`);
  if (pasted <= room) { before?.remove(); return; }
  const said = before ?? root.createElement("p");
  said.className = "wrong text-danger";
  said.id = `${field.id}-cut`;
  said.setAttribute("role", "alert");
  said.textContent = JSON.parse(root.getElementById("keys-words").textContent).cut.replace("%", field.maxLength);
  field.after(said);
}

export function restore(within) {
  within.querySelectorAll("textarea[name]").forEach((area) => { if (!area.value) area.value = sessionStorage.getItem(name(area)) ?? ""; });
}

// Another person at the same window finds nothing of the one before; after an expired session the same one does.
function leave(root) {
  const person = root.body.dataset.person;
  if (!person) return;
  if ((sessionStorage.getItem(WHOSE) ?? person) !== person) clear();
  sessionStorage.setItem(WHOSE, person);
}

function clear() {
  Object.keys(sessionStorage).filter((key) => key.startsWith(KEEP) || key === SENT || key === WHOSE).forEach((key) => sessionStorage.removeItem(key));
}

// What was sent has arrived if another page of ours came of it: not the sign-in, not a failure, not a step back.
function forget(root) {
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  sessionStorage.removeItem(SENT);
  const came = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (came && !root.querySelector("[data-unsent]")) sent.forEach((key) => sessionStorage.removeItem(key));
}

const name = (area) => `${KEEP}${area.form?.getAttribute("action") || location.pathname}:${area.name}`;
