import { restore } from "./forms.js";

// A link marked data-sheet opens its page's form in a dialog instead of leaving the page.
export function openSheets(root) {
  const dialog = root.getElementById("sheet");
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (!link || event.metaKey || event.ctrlKey || event.button) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      dialog.innerHTML = await answer.text();
      restore(dialog);
      dialog.showModal();
      dialog.querySelector("input:not([type=hidden]), textarea, select, button")?.focus();
    } catch {
      location.assign(link.href);
    }
  });
  // One more row: the dialog's form comes back with it, and with what was typed.
  dialog?.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (button?.name !== "more") return;
    event.preventDefault();
    event.stopPropagation();
    const said = new URLSearchParams(new FormData(form, button)), list = button.value;
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: said, headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) { form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "more", value: list })); HTMLFormElement.prototype.submit.call(form); return; }
    dialog.innerHTML = await answer.text();
    [...dialog.querySelectorAll(`[name^="${list}."]`)].filter((one) => !one.value || one.type === "radio").at(0)?.focus();
  });
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
  });
}
