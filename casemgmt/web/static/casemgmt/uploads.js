// Several files at once: each goes by itself, shows how far it is, and can be tried again without losing the others.
export function uploads(root) {
  for (const form of root.querySelectorAll("form[data-uploads]")) {
    const input = form.querySelector("input[type=file]"), list = form.querySelector("[data-files]");
    const words = form.dataset;
    input.multiple = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const files = [...input.files];
      const sending = files.map((file) => entry(form, list, file, words));
      input.value = ""; // each goes once: pressed again, the button sends what is chosen next
      const sent = await Promise.all(sending);
      if (sent.length && sent.every(Boolean)) anew();
    }, true);
  }
}

// The page as it is now: read, not sent once more where it came of a form.
const anew = () => location.replace(location.pathname + location.search);

function entry(form, list, file, words) {
  const item = document.createElement("li"), told = document.createElement("span"), bar = document.createElement("progress");
  bar.max = 100; bar.value = 0; bar.ariaLabel = file.name;
  item.append(`${file.name} `, bar, " ", told);
  list.append(item);
  return new Promise((done) => send(form, file, { item, told, bar, words, done }));
}

function send(form, file, { item, told, bar, words, done }) {
  const data = new FormData(form), request = new XMLHttpRequest();
  data.set("file", file);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = (event) => { bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 50; };
  const failed = (why) => {
    const again = document.createElement("button");
    again.type = "button"; again.className = "btn btn-sm btn-outline-primary"; again.textContent = words.again;
    again.onclick = () => { again.remove(); told.textContent = ""; bar.value = 0; send(form, file, { item, told, bar, words, done: (sent) => sent && anew() }); };
    told.textContent = why; told.className = "text-danger"; item.append(" ", again);
    done(false);
  };
  request.onload = () => {
    let said = {};
    try { said = JSON.parse(request.responseText); } catch { /* a page instead of an answer: signed out, or too large for the proxy */ }
    if (request.status === 201) { bar.value = 100; told.textContent = words.taken; told.className = ""; done(true); } else failed(said.detail ?? words.failed);
  };
  request.onerror = () => failed(words.failed);
  request.send(data);
}
