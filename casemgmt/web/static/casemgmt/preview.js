// The row one stands on, in a pane beside the table where there is room for both. Without it a link opens the case.
import { count } from "./badges.js";

const ROOM = matchMedia("(min-width: 80rem)"), KEPT = "preview", CLOSED = "closed";
const CALM = 120; // milliseconds on a row before it is asked for: who runs down the list asks for nothing

export function preview(root) {
  const pane = root.getElementById("preview");
  if (!pane) return;
  const frame = pane.parentElement, shown = pane.querySelector("[data-shown]");
  let row, waiting, asked;
  const open = (on) => {
    pane.hidden = !on;
    frame.classList.toggle("open", on);
    localStorage.setItem(KEPT, on ? "open" : CLOSED);
  };
  const load = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(row.dataset.preview, { headers: { "HX-Request": "true" }, signal: asked.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      shown.innerHTML = await answer.text();
      pane.scrollTop = 0;
      count(root);
    } catch (error) {
      if (error.name !== "AbortError") shown.replaceChildren();
    }
  };
  const look = (at, now) => {
    if (!at || !ROOM.matches || (at === row && !pane.hidden)) return;
    row = at;
    open(true);
    clearTimeout(waiting);
    waiting = setTimeout(load, now ? 0 : CALM);
  };
  const close = () => {
    const within = pane.contains(root.activeElement);
    clearTimeout(waiting);
    asked?.abort();
    open(false);
    if (within) row?.querySelector("th a")?.focus();
  };
  root.addEventListener("stands", ({ target }) => { if (localStorage.getItem(KEPT) !== CLOSED) look(target, false); });
  root.addEventListener("click", ({ target }) => {
    if (target.closest("[data-look]")) look(target.closest("tr"), true);
    else if (target.closest("[data-close-preview]")) close();
  });
  root.addEventListener("preview", () => { if (pane.hidden) look(root.querySelector("tr.at") ?? root.querySelector("tr[data-preview]"), true); else close(); });
}
