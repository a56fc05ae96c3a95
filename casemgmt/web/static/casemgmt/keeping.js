// What is typed into a long form is kept on the server a moment later, and the form says so.
const AFTER = 2_000;
const waiting = new Map();

export function keepForms(root) {
  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form || form.dataset.sent) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form), AFTER));
  });
  root.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (!form.dataset.keep) return;
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    if (button?.getAttribute("formaction") !== form.dataset.keep || button.name) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(form);
  }, true);
  root.addEventListener("visibilitychange", () => { if (root.hidden) [...waiting.keys()].forEach(keep); });
}

async function keep(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const told = form.querySelector("[data-kept-says]");
  let said = told.dataset.failed;
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(new FormData(form)), headers, keepalive: true });
    if (!answer.redirected) said = (await answer.json()).detail ?? said;
  } catch { /* no network, or a page instead of an answer */ }
  told.textContent = said;
}
