// News from the server while the page can be seen: edits of others, who sits where, comments. Tells what was heard and
// how long somebody worked.

import { post } from "./net.js";

const ACTIVE_MS = 30000; // after the last sign of work, work goes on
const TELL_MS = 10000;

export class Live {
  #source = null;
  #busyUntil = 0;
  #seconds = 0;

  constructor(app) {
    this.app = app;
    this.path = `/api/meetings/${app.meeting}`;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    addEventListener("pagehide", () => this.#tell(true));
    for (const name of ["keydown", "pointerdown", "wheel"]) addEventListener(name, () => (this.#busyUntil = Date.now() + ACTIVE_MS), { capture: true, passive: true });
    setInterval(() => {
      if (!document.hidden && (app.player.playing || Date.now() < this.#busyUntil)) this.#seconds += 1;
    }, 1000);
    setInterval(() => this.#tell(false), TELL_MS);
    app.view.root.addEventListener("focusin", () => this.#sit());
    this.#open();
  }

  #open() {
    if (this.#source) return;
    const { outbox, model } = this.app;
    this.#source = new EventSource(`${this.path}/events?client=${outbox.client}&after=${model.number}`);
    this.#source.onmessage = (message) => this.#got(JSON.parse(message.data));
    this.#source.onerror = () => {
      this.#close(); // the address says which edits are known: open a new one
      setTimeout(() => !document.hidden && this.#open(), 2000);
    };
    this.#sit();
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }

  #got(event) {
    if (event.type === "edit") this.app.outbox.take(event).catch(() => {});
    else this.app.dispatchEvent(new CustomEvent(event.type, { detail: event }));
  }

  #sit() {
    clearTimeout(this.sitting);
    const tell = () => {
      post(`${this.path}/seat`, { client: this.app.outbox.client, turn: this.app.view.current?.id ?? null }).catch(() => {});
      this.sitting = setTimeout(tell, 15000);
    };
    if (!document.hidden) this.sitting = setTimeout(tell, 300);
  }

  #tell(leaving) {
    const heard = this.app.player.takeHeard();
    if (heard.length) this.app.dispatchEvent(new CustomEvent("heard", { detail: heard }));
    const seconds = Math.min(this.#seconds, 120);
    if (!heard.length && !seconds) return;
    this.#seconds -= seconds;
    post(`${this.path}/activity`, { heard: heard.slice(0, 1000), seconds }, { keepalive: leaving }).catch(() => {
      this.#seconds += seconds;
      this.app.player.unheard.push(...heard);
    });
  }
}
