// The controls of the player, and the word that is playing lit in the text.

import { $, clock } from "./dom.js";
import { sentenceAt, wordAtTime } from "./model.js";

const WRITING_MS = 4000; // after the last key the text stays where it is, whatever is playing

export class PlayerBar {
  #lit = { id: null, word: -1 };
  #turn = null;
  #followed = null;

  constructor(app) {
    this.app = app;
    const { player } = app;
    player.addEventListener("time", () => this.#time());
    player.addEventListener("state", () => this.#state());
    player.addEventListener("speed", () => this.#speed());
    $("#speed").addEventListener("input", (event) => player.setSpeed(Number(event.target.value)));
    app.wave.went = () => this.#reveal(app.model.turnAt(player.now)?.id);
    $("#length").textContent = clock(app.model.durationMs);
    this.#speed();
    this.#state();
  }

  #speed() {
    const { speed } = this.app.settings;
    $("#speed").value = speed;
    $("#speed-shown").textContent = `${speed.toFixed(2).replace(/0$/, "")}倍`;
  }

  #state() {
    const { player } = this.app;
    const button = $("#play");
    button.textContent = player.playing ? "❚❚ 一時停止" : "▶ 再生";
    button.setAttribute("aria-pressed", String(player.playing));
    $("#loop").setAttribute("aria-pressed", String(player.looping));
    if (!player.playing) this.#followed = null;
  }

  #time() {
    const { player, model, view, ink } = this.app;
    const { now } = player;
    $("#now").textContent = clock(now);
    const entry = model.turnAt(now);
    if (!entry) return;
    this.#follow(entry.id);
    const word = wordAtTime(entry, now);
    if (this.#lit.id === entry.id && this.#lit.word === word && this.#lit.entry === entry) return;
    const moved = this.#lit.id !== entry.id;
    this.#lit = { id: entry.id, word, entry };
    const element = view.element(entry.id);
    if (moved) {
      this.#turn?.classList.remove("playing");
      this.#turn = element;
      element?.classList.add("playing");
    }
    const field = element && $(".text", element);
    const busy = !field || (view.composing && document.activeElement === field);
    const sentence = sentenceAt(entry, { ms: now });
    ink.only("sentence", busy ? null : field, entry.sentences[sentence], entry.sentences[sentence + 1]);
    ink.only("playing", busy || word < 0 ? null : field, entry.words[word], entry.words[word + 1]);
  }

  /** Once for each turn that is played, and again when playing goes on: show it. */
  #follow(id) {
    const { player, view, settings } = this.app;
    if (!player.playing || this.#followed === id) return;
    this.#followed = id;
    const writing = view.composing || performance.now() - player.typedAt < WRITING_MS;
    if (settings.follow && !writing) this.#reveal(id);
  }

  #reveal(id) {
    const { view } = this.app;
    if (id && view.shows(id) && !view.element(id)?.hidden && !view.inView(id)) view.follow(id);
  }
}
