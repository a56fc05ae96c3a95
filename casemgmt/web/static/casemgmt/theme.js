// Before anything is painted: dark where the person, or else the system, wants it.
const chosen = document.documentElement.dataset.theme;
const system = matchMedia("(prefers-color-scheme: dark)");
const dress = () => {
  const dark = chosen === "dark" || (chosen === "auto" && system.matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
};
dress();
system.addEventListener("change", dress);
