// Deadlines that count down between two loads: the words are the server's, the arithmetic is a subtraction.
const UNITS = [["d", 86400], ["h", 3600], ["m", 60]];

export function span(seconds, words) {
  const left = Math.max(0, Math.abs(seconds));
  const parts = [];
  let rest = left;
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count || parts.length) parts.push(count ? words[name].replace("0", count) : "");
    if (parts.length === 2) break;
  }
  return parts.filter(Boolean).join(" ") || words.m.replace("0", "1");
}

// Once over all badges; the page may have got new ones since the last time.
export function count(root) {
  const page = root.querySelector("[data-badges]");
  if (!page) return;
  const words = JSON.parse(page.dataset.words);
  page.ahead ??= Date.now() - Date.parse(page.dataset.now); // by how much this machine's clock is ahead of the server's
  for (const badge of root.querySelectorAll("[data-due]")) {
    const seconds = Math.floor((Date.parse(badge.dataset.due) - Date.now() + page.ahead) / 1000);
    const late = seconds <= 0;
    badge.querySelector("[data-left]").textContent = (late ? words.late : words.left).replace("%", span(seconds, words));
    badge.classList.toggle("bad", late);
  }
}

export function tick(root) {
  count(root);
  setInterval(() => count(root), 30_000);
}
