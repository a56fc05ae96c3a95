// A form is sent once, however often its button is pressed; a text that was typed survives a lost page.
const KEEP = "draft:";

export function sendOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.querySelectorAll("textarea[name]").forEach((area) => sessionStorage.removeItem(name(area)));
  });
  addEventListener("pageshow", () => root.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
  root.addEventListener("input", (event) => {
    const area = event.target.closest("textarea[name]");
    if (area) sessionStorage.setItem(name(area), area.value);
  });
  root.querySelectorAll("textarea[name]").forEach((area) => { if (!area.value) area.value = sessionStorage.getItem(name(area)) ?? ""; });
}

const name = (area) => `${KEEP}${area.form?.getAttribute("action") || location.pathname}:${area.name}`;
