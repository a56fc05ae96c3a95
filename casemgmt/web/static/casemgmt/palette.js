// A palette of everything the page leads to, and a sheet that lists the keys that do something here.
const MOST = 12;

export function places(root) {
  const dialog = opened(root, "go"), input = root.createElement("input"), list = root.createElement("ul");
  const links = [...root.querySelectorAll("nav.ways a, .menu .sheet a, .chips a, .buttons a[href], table.desk tbody th a")];
  Object.assign(list, { id: "places", role: "listbox" });
  Object.assign(input, { className: "form-control", role: "combobox", ariaExpanded: "true", ariaLabel: words(root).go });
  input.setAttribute("aria-controls", "places");
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    list.replaceChildren(...links.filter((link) => link.textContent.toLowerCase().includes(wanted)).slice(0, MOST).map((link, place) => {
      const item = root.createElement("li"), to = root.createElement("a");
      item.role = "presentation"; to.role = "option"; to.href = link.href; to.textContent = link.textContent.replace(/[\s×]+/g, " ").trim(); to.ariaSelected = String(place === 0);
      item.append(to); return item;
    }));
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); list.querySelector("a")?.click(); } });
  dialog.firstElementChild.append(input, list);
  show();
  dialog.showModal();
  input.focus();
}

// `able` says of a line's keys whether they do anything on this page.
export function sheet(root, able) {
  const dialog = opened(root, "keys"), list = root.createElement("dl");
  list.className = "facts mt-3";
  for (const [key, said] of Object.entries(words(root).sheet)) {
    if (!able(key)) continue;
    const dt = root.createElement("dt"), dd = root.createElement("dd");
    dt.append(Object.assign(root.createElement("kbd"), { textContent: key })); dd.textContent = said; list.append(dt, dd);
  }
  dialog.firstElementChild.append(list);
  if (root.documentElement.dataset.singleKeys === "off") {
    dialog.firstElementChild.append(Object.assign(root.createElement("p"), { className: "soft mt-3 mb-0", textContent: words(root).off }));
  }
  dialog.showModal();
  dialog.focus();
}

const words = (root) => JSON.parse(root.getElementById("keys-words").textContent);

function opened(root, title) {
  const dialog = root.getElementById("sheet");
  dialog.innerHTML = `<div class="palette"><h1 id="sheet-title"></h1></div>`;
  dialog.querySelector("h1").textContent = words(root)[title];
  return dialog;
}
