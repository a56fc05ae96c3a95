// Numbers that renew themselves while somebody looks at them, and at once when there is news; until they are stopped.
import { byItself } from "./attended.js";

const gone = new WeakSet(), busy = new WeakSet();
let stopped = false;

async function renew(told) {
  if (stopped || gone.has(told) || busy.has(told)) return;
  busy.add(told);
  try {
    const answer = await fetch(told.dataset.refresh, { headers: { "HX-Request": "true", ...byItself() } });
    if (answer.redirected) { gone.add(told); document.querySelector("[data-gone]").hidden = false; return; }
    if (answer.ok) take(told, await answer.text());
  } catch { /* the network is away: the page stays as it is and tries again */ } finally { busy.delete(told); }
}

// Only what differs is touched, so that nobody loses the place where they read or the link they stand on.
function take(told, html) {
  if (stopped) return;
  const then = document.createElement("div"), stood = document.activeElement;
  then.innerHTML = html;
  become(told, then);
  if (stood !== document.activeElement && stood.isConnected) stood.focus({ preventScroll: true });
}

function become(now, then) {
  for (const one of then.attributes) if (now.getAttribute(one.name) !== one.value) now.setAttribute(one.name, one.value);
  let place = now.firstChild;
  for (const fresh of [...then.childNodes]) {
    const old = fresh.id ? [...now.children].find((one) => one.id === fresh.id) : place;
    if (old?.nodeName !== fresh.nodeName || old.id !== (fresh.id ?? old.id)) { now.insertBefore(fresh, place); continue; }
    if (old === place) place = place.nextSibling;
    else now.insertBefore(old, place);
    if (old.nodeType === Node.TEXT_NODE) { if (old.data !== fresh.data) old.data = fresh.data; }
    else if (!old.isEqualNode(fresh)) become(old, fresh);
  }
  while (place) { const next = place.nextSibling; place.remove(); place = next; }
}

export const renewNumbers = (root) => root.querySelectorAll("[data-refresh]").forEach(renew);

export function keepNumbers(root) {
  for (const told of root.querySelectorAll("[data-refresh]")) {
    setInterval(() => { if (!document.hidden) renew(told); }, told.dataset.every * 1000);
  }
  for (const button of root.querySelectorAll("[data-pause]")) {
    const words = [button.textContent, button.dataset.again];
    button.hidden = false;
    button.addEventListener("click", () => {
      stopped = !stopped;
      button.textContent = words[Number(stopped)];
      if (!stopped) renewNumbers(root);
    });
  }
}
