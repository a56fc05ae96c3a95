// What pages do beyond plain HTML. Every part is an addition: without it links and forms still work.
import { tick } from "./badges.js";
import { openSheets } from "./sheets.js";
import { sendOnce } from "./forms.js";
import { keepForms } from "./keeping.js";
import { listen } from "./keys.js";
import { blocks } from "./blocks.js";
import { uploads } from "./uploads.js";
import { changed, live, tellTabs } from "./live.js";
import { keepNumbers } from "./numbers.js";
import { preview } from "./preview.js";
import { byItself } from "./attended.js";

tick(document);
openSheets(document);
uploads(document);
keepForms(document);
sendOnce(document);
listen(document);
preview(document);
blocks(document);
keepNumbers(document);
live(document);
tellTabs(document);

for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); } });
}

// Who else has this open: told and asked while the page is looked at.
for (const told of document.querySelectorAll("[data-here]")) {
  const ask = async () => {
    if (document.hidden) return;
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    try {
      const answer = await fetch(told.dataset.here, { method: "POST", headers: { "X-CSRFToken": token, ...byItself() } });
      if (!answer.ok) return;
      told.innerHTML = await answer.text();
      changed(document, answer.headers.get("X-Case-Touched"));
    } catch { /* without a network nobody is told */ }
  };
  ask();
  setInterval(ask, 25_000);
  document.addEventListener("visibilitychange", ask);
}
