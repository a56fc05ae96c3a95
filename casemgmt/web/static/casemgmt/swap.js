// Brings the parts of an open page up to date, without touching one that somebody is busy with.
import { byItself } from "./attended.js";
import { count } from "./badges.js";

const INSIDE = ".beside, .beside > *, .columns, .columns > *, .heading, .heading > *"; // what is compared part by part
const LASTING = "[data-here], .told"; // what the page itself fills, or says once
const FIELDS = "input:not([type=hidden]), textarea, select";

// "whole" or "same" when everything is as new as the server has it now, "parts" when something had to stay as it was.
export async function renew(root) {
  const main = root.querySelector("main"), found = { changed: false, kept: false };
  try {
    const answer = await fetch(location.href, { headers: byItself() });
    if (!answer.ok || answer.redirected) return "parts";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    sync(main, page.querySelector("main"), found);
  } catch {
    return "parts";
  }
  count(root);
  if (found.kept) return "parts";
  return found.changed ? "whole" : "same";
}

function sync(now, then, found) {
  const old = grouped([...now.children]);
  let before = now.firstElementChild;
  for (const fresh of [...then.children]) {
    const match = old.get(key(fresh))?.shift();
    if (!match) { now.insertBefore(fresh, before); found.changed = true; continue; }
    before = match.nextElementSibling;
    if (match.matches(INSIDE)) sync(match, fresh, found);
    else if (match.matches(LASTING) || match.isEqualNode(fresh)) continue;
    else {
      const other = match.textContent !== fresh.textContent; // else only a form's token is another
      if (isBusy(match)) found.kept ||= other;
      else { unfold(match, fresh); match.replaceWith(fresh); found.changed ||= other; }
    }
  }
  for (const gone of [...old.values()].flat()) {
    if (isBusy(gone)) found.kept = true;
    else if (!gone.matches(LASTING)) { gone.remove(); found.changed = true; }
  }
}

// What somebody has unfolded stays so.
function unfold(match, fresh) {
  match.querySelectorAll("details[id][open]").forEach((one) => fresh.querySelector(`#${one.id}`)?.setAttribute("open", ""));
}

const key = (node) => node.id || node.getAttribute("aria-labelledby") || `${node.tagName} ${node.className}`;
const isBusy = (node) => node.contains(document.activeElement) || [...node.querySelectorAll(FIELDS)].some(isChanged);

function isChanged(field) {
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  return ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

function grouped(nodes) {
  const found = new Map();
  nodes.forEach((node) => found.set(key(node), [...(found.get(key(node)) ?? []), node]));
  return found;
}
