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

export function tick(root) {
  const badges = [...root.querySelectorAll("[data-due]")];
  if (!badges.length) return;
  const page = root.querySelector("[data-badges]");
  if (!page) return;
  const words = JSON.parse(page.dataset.words);
  const offset = Date.now() - Date.parse(page.dataset.now); // how far this machine's clock is ahead of the server's
  const show = () => {
    for (const badge of badges) {
      const seconds = Math.floor((Date.parse(badge.dataset.due) - Date.now() + offset) / 1000);
      const late = seconds <= 0;
      badge.querySelector("[data-left]").textContent = (late ? words.late : words.left).replace("%", span(seconds, words));
      badge.classList.toggle("bad", late);
    }
  };
  show();
  setInterval(show, 30_000);
}
