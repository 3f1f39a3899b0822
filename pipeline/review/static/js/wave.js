// The recording as a picture: the whole of it in one line, and the seconds around what is playing.

import { joined } from "./spans.js";

const PER_S = 50; // values of the outline per second
const WINDOW_MS = 24000; // shown in the close view

export class Wave {
  #peaks = new Uint8Array(0);
  #queued = false;
  #strip = null;

  constructor(overview, detail, player, model) {
    Object.assign(this, { overview, detail, player, model, heard: [] });
    this.start = 0; // of the close view
    this.went = () => {}; // somebody chose a time in the picture
    const draw = () => this.draw();
    player.addEventListener("time", draw);
    new ResizeObserver(() => { this.#strip = null; draw(); }).observe(detail);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.#strip = null; draw(); });
    overview.addEventListener("click", (event) => this.#go(this.#at(overview, event) * model.durationMs));
    detail.addEventListener("click", (event) => this.#go(this.start + this.#at(detail, event) * WINDOW_MS));
    model.addEventListener("reset", () => { this.#strip = null; draw(); });
    model.addEventListener("change", ({ detail: { removed, put } }) => {
      if ([...removed, ...put].some((entry) => entry.kind === "heading")) this.#strip = null;
      draw();
    });
  }

  load(bytes) {
    this.#peaks = new Uint8Array(bytes);
    this.#strip = null;
    this.draw();
  }

  setHeard(spans) {
    this.heard = joined(spans, 500);
    this.#strip = null;
    this.draw();
  }

  /** At most once per frame. */
  draw() {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => {
      this.#queued = false;
      this.#drawDetail();
      this.#drawOverview();
    });
  }

  #go(ms) {
    this.player.seek(ms);
    this.went();
  }

  #at(canvas, event) {
    const box = canvas.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  }

  #prepared(canvas) {
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    return { pen, width, height, style: getComputedStyle(canvas), ratio };
  }

  #drawDetail() {
    const { now } = this.player;
    if (now < this.start + WINDOW_MS * 0.1 || now > this.start + WINDOW_MS * 0.8) this.start = Math.max(0, now - WINDOW_MS * 0.35);
    const { pen, width, height, style, ratio } = this.#prepared(this.detail);
    const x = (ms) => ((ms - this.start) / WINDOW_MS) * width;
    const end = this.start + WINDOW_MS;
    pen.fillStyle = style.getPropertyValue("--sentence");
    const sounding = this.player.span;
    if (sounding) pen.fillRect(x(sounding[0]), 0, x(sounding[1]) - x(sounding[0]), height);
    const step = width / ((WINDOW_MS / 1000) * PER_S);
    for (let i = Math.floor((this.start / 1000) * PER_S); i < (end / 1000) * PER_S && i < this.#peaks.length; i += 1) {
      const ms = (i * 1000) / PER_S;
      const tall = (this.#peaks[i] / 255) * (height - 4);
      pen.fillStyle = style.getPropertyValue(ms < now ? "--wave-heard" : "--wave");
      pen.fillRect(x(ms), (height - tall) / 2, Math.max(1, step - 0.4), Math.max(1, tall));
    }
    pen.font = `${12 * ratio}px ${style.fontFamily}`;
    for (const entry of this.model.entries) {
      if (entry.kind !== "speech" || entry.start > end || entry.end < this.start) continue;
      pen.fillStyle = style.getPropertyValue("--edge");
      pen.fillRect(x(entry.start), 0, ratio, height);
      pen.fillStyle = style.getPropertyValue("--ink");
      pen.fillText(entry.role, x(entry.start) + 4 * ratio, 12 * ratio);
    }
    pen.fillStyle = style.getPropertyValue("--bad");
    pen.fillRect(x(now) - ratio, 0, 2 * ratio, height);
  }

  /** The whole recording is drawn once and kept; only the hand moves. */
  #drawOverview() {
    const { pen, width, height, style, ratio } = this.#prepared(this.overview);
    if (!width) return;
    this.#strip ??= this.#painted(width, height, style);
    pen.drawImage(this.#strip, 0, 0);
    pen.fillStyle = style.getPropertyValue("--bad");
    pen.fillRect((this.player.now / this.model.durationMs) * width - ratio, 0, 2 * ratio, height);
  }

  #painted(width, height, style) {
    const strip = new OffscreenCanvas(width, height);
    const pen = strip.getContext("2d");
    const each = this.#peaks.length / width;
    pen.fillStyle = style.getPropertyValue("--wave");
    for (let column = 0; column < width; column += 1) {
      let loudest = 0;
      for (let i = Math.floor(column * each); i < (column + 1) * each; i += 1) loudest = Math.max(loudest, this.#peaks[i] ?? 0);
      const tall = (loudest / 255) * (height - 5);
      pen.fillRect(column, height - 4 - tall, 1, tall);
    }
    pen.fillStyle = style.getPropertyValue("--good");
    for (const [start, end] of this.heard) pen.fillRect((start / this.model.durationMs) * width, height - 3, Math.max(1, ((end - start) / this.model.durationMs) * width), 3);
    pen.fillStyle = style.getPropertyValue("--edge");
    for (const entry of this.model.entries) if (entry.kind === "heading") pen.fillRect((entry.start / this.model.durationMs) * width, 0, 2, height);
    return strip;
  }
}
