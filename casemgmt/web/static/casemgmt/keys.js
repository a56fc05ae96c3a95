// The desk's keyboard: rows, places, a palette of everything the page leads to, and a sheet that lists the keys.
const typing = (event) => event.isComposing || event.target.closest("input, textarea, select, [contenteditable], dialog");

export function listen(root) {
  const rows = () => [...root.querySelectorAll("table.desk tbody tr")];
  let at = -1, before = "";
  const go = (selector) => root.querySelector(selector)?.click();
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    all[at]?.classList.remove("at");
    at = Math.max(0, Math.min(all.length - 1, at + by));
    all[at].classList.add("at");
    all[at].querySelector("a")?.focus();
  };
  const acts = {
    j: () => move(1), k: () => move(-1), Enter: null,
    x: () => rows()[at]?.querySelector("input[type=checkbox]")?.click(),
    "/": () => root.querySelector("#q")?.focus(), "]": () => go("[data-key=']']"),
    r: () => root.querySelector("#say")?.focus(), e: () => root.querySelector("#evidence")?.scrollIntoView(),
    u: () => go("a[href$='/do/open_evidence/']"), d: () => go("a[href$='/do/issue_ruling/']"), a: () => go("a[href$='/do/reassign/']"),
    "?": () => palette(root, true),
  };
  const gone = { q: "/cases/", d: "/wall/", n: "/notices/" };
  root.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); palette(root, false); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.target.closest("form")?.requestSubmit(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || root.documentElement.dataset.keys === "off") return;
    if (before === "g" && gone[event.key]) { location.assign(gone[event.key]); return; }
    before = event.key;
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}

function palette(root, help) {
  const dialog = root.getElementById("sheet");
  const words = JSON.parse(root.getElementById("keys-words").textContent);
  const links = [...root.querySelectorAll("nav.ways a, .menu .sheet a, .buttons a[href], table.desk tbody th a, .chips a")];
  dialog.innerHTML = `<div class="palette"><h1 id="sheet-title"></h1><input class="form-control" role="combobox" aria-expanded="true" aria-controls="places"><ul id="places" role="listbox"></ul><dl class="facts mt-3"></dl></div>`;
  dialog.querySelector("h1").textContent = help ? words.keys : words.go;
  const input = dialog.querySelector("input"), list = dialog.querySelector("ul"), keys = dialog.querySelector("dl");
  input.setAttribute("aria-label", words.go);
  input.hidden = help; list.hidden = help; keys.hidden = !help;
  for (const [key, said] of Object.entries(words.sheet)) {
    const dt = root.createElement("dt"), dd = root.createElement("dd");
    dt.append(Object.assign(root.createElement("kbd"), { textContent: key })); dd.textContent = said; keys.append(dt, dd);
  }
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    list.replaceChildren(...links.filter((link) => link.textContent.toLowerCase().includes(wanted)).slice(0, 12).map((link, place) => {
      const item = root.createElement("li"), to = root.createElement("a");
      item.role = "presentation"; to.role = "option"; to.href = link.href; to.textContent = link.textContent.trim(); to.ariaSelected = String(place === 0);
      item.append(to); return item;
    }));
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); list.querySelector("a")?.click(); } });
  show();
  dialog.showModal();
  (help ? dialog : input).focus();
}
