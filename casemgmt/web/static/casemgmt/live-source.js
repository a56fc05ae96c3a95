// The one connection to the live process, and what came over it lately for pages that open while it lasts.
const KEPT = 200;
const PATIENCE = 6_000; // milliseconds without a connection before it is said: every few minutes it is made anew
const SOONEST = 5_000, LATEST = 60_000; // between two tries after a refusal

export class Source {
  constructor(address, tell) {
    Object.assign(this, { address, tell, last: "", recent: [], unread: null, up: null, wait: SOONEST });
  }

  open(since) {
    const from = this.last ? `last=${this.last}` : `since=${encodeURIComponent(since)}`;
    const wire = new EventSource(`${this.address}?${from}`, { withCredentials: true });
    this.wire = wire;
    wire.onopen = () => { this.wait = SOONEST; this.say(true); };
    wire.addEventListener("hello", (event) => this.tell({ unread: JSON.parse(event.data).unread }));
    wire.addEventListener("news", (event) => this.pass(JSON.parse(event.data), event.lastEventId));
    wire.onerror = () => {
      this.doubt ??= setTimeout(() => this.say(false), PATIENCE);
      if (wire.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      this.again = setTimeout(() => this.open(since), this.wait);
      this.wait = Math.min(2 * this.wait, LATEST);
    };
  }

  pass(news, id) {
    this.last = id;
    this.unread = news.unread;
    this.recent = [...this.recent, ...news.notices].slice(-KEPT);
    this.tell({ ...news, last: id });
  }

  // What a page that opens now has to know; it drops what is older than itself.
  greet() {
    const news = this.recent.length ? [{ notices: this.recent, recent: true, more: false }] : [];
    return this.up === null ? news : [{ up: this.up }, ...news];
  }

  say(up) {
    clearTimeout(this.doubt);
    this.doubt = undefined;
    if (up !== this.up) this.tell({ up });
    this.up = up;
  }

  close() {
    this.wire?.close();
    clearTimeout(this.doubt);
    clearTimeout(this.again);
  }
}
