// "::name " in a text becomes the block of that name; %(reference)s and the like are filled in by the server.
export function blocks(root) {
  const kept = root.getElementById("text-blocks");
  if (!kept) return;
  const known = JSON.parse(kept.textContent);
  root.addEventListener("input", (event) => {
    const area = event.target.closest("textarea");
    if (!area || event.isComposing) return;
    const before = area.value.slice(0, area.selectionStart);
    const found = /(?:::|：：)([\p{L}\p{N}_-]+)\s$/u.exec(before);
    const block = found && known[found[1]];
    if (block) area.setRangeText(block, before.length - found[0].length, before.length, "end");
  });
}
