// Shared by all tabs of one person in this browser: one connection for all of them.
import { Source } from "./live-source.js";

const ports = new Set();
const tell = (message) => ports.forEach((port) => port.postMessage(message));
let source;

addEventListener("connect", ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data.bye) { ports.delete(port); return; }
    ports.add(port);
    if (!source) { source = new Source(data.address, tell); source.open(data.at); }
    source.greet().forEach((message) => port.postMessage(message));
  };
});
