// How a tab comes to its news: by the worker that all tabs share; else by the tab that leads; else by itself.
import { Source } from "./live-source.js";

export function line(told, heard) {
  if (globalThis.SharedWorker) shared(told, heard);
  else apart(told, heard);
}

function shared(told, heard) {
  const worker = new SharedWorker(told.worker, { type: "module", name: `live:${told.person}` });
  worker.onerror = () => apart(told, heard); // a browser whose workers know no modules
  worker.port.onmessage = ({ data }) => heard(data);
  const hello = () => worker.port.postMessage({ address: told.address, at: told.at });
  hello();
  addEventListener("pagehide", () => worker.port.postMessage({ bye: true }));
  addEventListener("pageshow", (event) => { if (event.persisted) hello(); });
}

function apart(told, heard) {
  const name = `live:${told.person}`;
  const channel = globalThis.BroadcastChannel && new BroadcastChannel(name);
  let source, leave, last = "";
  const take = (message) => { last = message.last ?? last; heard(message); };
  const lead = () => new Promise((done) => {
    source = new Source(told.address, (message) => { channel?.postMessage(message); take(message); });
    source.last = last;
    source.open(told.at);
    leave = () => { source.close(); source = leave = undefined; done(); };
  });
  if (channel) {
    channel.onmessage = ({ data }) => {
      if (!data.hello) take(data);
      else source?.greet().forEach((message) => channel.postMessage(message));
    };
  }
  let waiting;
  // A tab that nobody sees may be frozen, and would lead nobody: it lets another one lead, or rests.
  const look = () => {
    waiting?.abort();
    waiting = undefined;
    if (document.hidden) { leave?.(); return; }
    if (leave) return;
    channel?.postMessage({ hello: true });
    if (!channel || !navigator.locks) { lead(); return; }
    waiting = new AbortController();
    navigator.locks.request(name, { signal: waiting.signal }, lead).catch(() => { /* hidden while it waited */ });
  };
  document.addEventListener("visibilitychange", look);
  look();
}
