// The desk's keyboard: rows, places, the forms of a case. It works through what is on the page, and offers nothing else.
import { places, sheet } from "./palette.js";

const SOON = 1_500; // milliseconds between the two keys of "g q"
const FIELDS = "input, textarea, select, [contenteditable]";
const ROWS = "table.desk tbody tr:has(th a)";

const click = (there) => there.click(), focus = (there) => there.focus();
const show = (there) => {
  there.scrollIntoView();
  if (!there.matches("a[href], button")) there.tabIndex = -1;
  there.focus({ preventScroll: true });
};
// Key → where it works and what it does there. A page may name another place for it: data-key.
const DEEDS = {
  j: [ROWS, (row) => move(row.getRootNode(), 1)], k: [ROWS, (row) => move(row.getRootNode(), -1)],
  x: [`${ROWS} input[type=checkbox]`, (box) => box.getRootNode().querySelector("tr.at input[type=checkbox]")?.click()],
  p: ["[data-look]", (look) => look.dispatchEvent(new CustomEvent("preview", { bubbles: true }))],
  "/": ["#q", focus], "[": ["", click], "]": ["", click],
  "g q": ["nav.ways a[href='/cases/']", click], "g d": ["nav.ways a[href='/wall/']", click], "g n": ["a.bell", click],
  r: ["#say", (field) => { address(field.form, false); field.focus(); }],
  n: ["#thread option[value=internal]", (option) => { const { form } = option.closest("select"); address(form, true); form.querySelector("textarea").focus(); }],
  e: ["#evidence", show], c: ["#compare", show],
  u: ["a[href$='/do/open_evidence/']", click], d: ["a[href$='/do/issue_ruling/']", click], a: ["a[href$='/do/reassign/']", click],
};
// What the sheet names beside those: where it does something.
const ALSO = { "j k": ROWS, Enter: ROWS, "::": "#text-blocks", "Ctrl+Enter": "main textarea, a[data-sheet]", "Ctrl+K": "body", "?": "body" };

export function listen(root) {
  const place = (key) => root.querySelector(`[data-key="${key}"]`) ?? (DEEDS[key]?.[0] ? root.querySelector(DEEDS[key][0]) : null);
  const able = (key) => (key in ALSO ? root.querySelector(ALSO[key]) : place(key));
  let before = "", since = 0;
  root.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    const held = event.ctrlKey || event.metaKey;
    if (held && event.key.toLowerCase() === "k") { event.preventDefault(); places(root); return; }
    if (held && event.key === "Enter") { event.target.closest?.("form")?.requestSubmit(); return; }
    if (held || event.altKey || isElsewhere(root, event.target)) return;
    const key = before === "g" && event.timeStamp - since < SOON ? `g ${event.key}` : event.key;
    before = key === "g" ? key : "";
    since = event.timeStamp;
    const there = key in DEEDS && place(key);
    if (key !== "?" && !there) return;
    event.preventDefault();
    if (there) DEEDS[key][1](there);
    else sheet(root, able);
  });
  root.addEventListener("focusin", ({ target }) => { const row = target.closest("tr"); if (row?.matches(ROWS)) stand(root, row); });
  root.querySelector("[data-keys]")?.addEventListener("click", () => sheet(root, able));
}

const isElsewhere = (root, target) => root.documentElement.dataset.singleKeys === "off" || target.closest?.(FIELDS) || root.querySelector("dialog[open]");

function stand(root, row) {
  root.querySelector("tr.at")?.classList.remove("at");
  row.classList.add("at");
}

function move(root, by) {
  const rows = [...root.querySelectorAll(ROWS)], at = rows.findIndex((row) => row.classList.contains("at"));
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  row.querySelector("th a").focus();
  row.dispatchEvent(new CustomEvent("stands", { bubbles: true }));
}

// Who reads what is written next: a note for colleagues never becomes a message by the key of messages.
function address(form, internal) {
  const thread = form.querySelector("#thread");
  const fit = [...thread?.options ?? []].find((one) => (one.value === "internal") === internal);
  if (fit && (thread.value === "internal") !== internal) thread.value = fit.value;
}
