// Numbers that renew themselves while somebody looks at them, and at once when there is news.
async function renew(told) {
  try {
    const answer = await fetch(told.dataset.refresh, { headers: { "HX-Request": "true" } });
    if (answer.ok && !answer.redirected) document.getElementById(told.dataset.into).innerHTML = await answer.text();
  } catch { /* the network is away: the page stays as it is and tries again */ }
}

export const renewNumbers = (root) => root.querySelectorAll("[data-refresh]").forEach(renew);

export function keepNumbers(root) {
  for (const told of root.querySelectorAll("[data-refresh]")) {
    setInterval(() => { if (!document.hidden) renew(told); }, told.dataset.every * 1000);
  }
}
