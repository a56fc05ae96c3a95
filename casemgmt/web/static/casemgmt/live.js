// News as it comes: the bell's number, the open case, the overview. Without it a page is as new as when it was loaded.
import { line } from "./live-line.js";
import { renewNumbers } from "./numbers.js";
import { renew } from "./swap.js";

const RENDERING = 2_000; // what was told so shortly before the page was made may be missing on it
const SHOWN = 8_000;

export function live(root) {
  const status = root.getElementById("live");
  if (!status) return;
  const told = status.dataset, made = Date.parse(told.at) - RENDERING, known = new Set();
  const says = voice(root, status);
  line(told, async (message) => {
    if ("up" in message) says("away", !message.up);
    if ("unread" in message) ring(root, message.unread, told.bell);
    if (!message.notices) return;
    const fresh = message.notices.filter((one) => !known.has(one.id) && Date.parse(one.at) >= made);
    fresh.forEach((one) => known.add(one.id));
    if (!fresh.length && !message.more) return;
    renewNumbers(root);
    const open = root.querySelector("[data-live-case]")?.dataset.liveCase;
    if (open && (message.more || fresh.some((one) => one.case === open))) await bringUpToDate(root, says);
  });
}

// When the open case changed last, from somebody who knows it without a notice: an older page reads itself anew.
export function changed(root, at) {
  const open = root.querySelector("[data-touched]"), status = root.getElementById("live");
  if (!open || !(Date.parse(at) > Date.parse(open.dataset.touched))) return;
  bringUpToDate(root, status ? voice(root, status) : () => { /* this site has no live news, and no words about them */ });
}

// Whoever acts in one tab is not told by a notice in the others.
export function tellTabs(root) {
  const open = root.querySelector("[data-touched]");
  if (!open || !globalThis.BroadcastChannel) return;
  const tabs = new BroadcastChannel(`case:${open.dataset.liveCase}`);
  tabs.onmessage = ({ data }) => changed(root, data);
  tabs.postMessage(open.dataset.touched);
}

let last = Promise.resolve();

// One after the other: each reads the page anew, so the last one has everything.
function bringUpToDate(root, says) {
  last = last.then(async () => {
    const now = await renew(root);
    says("news", now === "parts");
    if (now !== "whole") return;
    says("renewed", true);
    setTimeout(() => says("renewed", false), SHOWN);
  });
  return last;
}

function ring(root, unread, words) {
  const bell = root.querySelector("a.bell");
  bell.setAttribute("aria-label", words.replace("0", unread));
  bell.querySelector(".dot")?.remove();
  if (!unread) return;
  const dot = root.createElement("span");
  dot.className = "dot";
  dot.textContent = unread;
  bell.append(dot);
}

// Puts a sentence of the page into its status line, or takes it away.
const spoken = new Map();
function voice(root, status) {
  return (name, on) => {
    if (on === spoken.has(name)) return;
    if (on) {
      const words = root.querySelector(`template[data-live-says="${name}"]`).content.firstElementChild.cloneNode(true);
      status.append(words);
      spoken.set(name, words);
    } else {
      spoken.get(name).remove();
      spoken.delete(name);
    }
  };
}
