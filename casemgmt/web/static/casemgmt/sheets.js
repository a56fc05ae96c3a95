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
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
  });
}
