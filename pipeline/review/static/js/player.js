// The recording: play, wind, loop a sentence, change speed with pitch kept; stops while somebody types; notes what was heard.

import { joined } from "./spans.js";

const SPEEDS = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.5, 1.75, 2];

/** Emits "time" (while playing, every frame), "state" and "speed". Times are milliseconds. */
export class Player extends EventTarget {
  #loop = null;
  #typing = null;
  #last = null;
  #frame = 0;

  constructor(audio, settings) {
    super();
    this.audio = audio;
    this.settings = settings;
    this.typedAt = -Infinity;
    this.unheard = []; // spans played since they were last taken
    audio.preservesPitch = true;
    audio.playbackRate = settings.speed;
    for (const name of ["play", "pause", "ended", "error", "waiting", "playing", "loadedmetadata"]) audio.addEventListener(name, () => this.#state());
    audio.addEventListener("seeked", () => this.#tick());
  }

  get now() {
    return this.audio.currentTime * 1000;
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  get looping() {
    return this.#loop !== null && this.#loop[2] !== "once";
  }

  /** [start, end] of the stretch that is played, once or over and over; null: all that follows. */
  get span() {
    return this.#loop;
  }

  /** Play from a time, or go on. */
  play(ms = null) {
    this.#forgetTyping();
    if (this.audio.error) this.#reload();
    if (ms !== null) this.seek(ms);
    this.audio.playbackRate = this.settings.speed;
    return this.audio.play().catch(() => this.#state());
  }

  pause() {
    this.#forgetTyping();
    this.audio.pause();
  }

  /** The pedal that was held down to play comes up: stop, and go on a little earlier next time. */
  release() {
    this.pause();
    this.seek(this.now - this.settings.rewindMs);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(ms) {
    this.#note();
    this.#last = null;
    if (this.#loop && (ms < this.#loop[0] || ms >= this.#loop[1])) this.#loop = null;
    this.audio.currentTime = Math.max(0, ms / 1000);
    this.#tick();
  }

  skip(ms) {
    this.seek(this.now + ms);
  }

  /** Play a stretch over and over; null stops that. */
  loop(span) {
    this.#loop = span;
    if (span) this.play(span[0]);
    this.#state();
  }

  /** Play a stretch once. */
  once(start, end) {
    this.#loop = [start, end, "once"];
    this.play(start);
  }

  speed(step) {
    const at = SPEEDS.reduce((best, speed, i) => (Math.abs(speed - this.settings.speed) < Math.abs(SPEEDS[best] - this.settings.speed) ? i : best), 0);
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + step))]);
  }

  setSpeed(speed) {
    this.settings.speed = speed;
    this.audio.playbackRate = speed;
    this.dispatchEvent(new Event("speed"));
  }

  /** Somebody types: stop, and go on a little earlier when he has finished. composing: an input method is at work, and
   * however long he chooses, he has not finished. */
  typing({ composing = false } = {}) {
    const { autoPause, resumeAfterMs, rewindMs } = this.settings;
    this.typedAt = performance.now();
    if (!autoPause) return;
    if (this.playing) {
      this.audio.pause();
      this.#typing = { timer: 0 };
    }
    if (!this.#typing) return;
    clearTimeout(this.#typing.timer);
    if (composing) return;
    this.#typing.timer = setTimeout(() => {
      this.#typing = null;
      this.play(Math.max(this.now - rewindMs, this.#loop?.[0] ?? 0)); // what was to be heard stays what is heard
    }, resumeAfterMs);
  }

  /** Spans played since this was last asked. */
  takeHeard() {
    this.#note();
    const spans = joined(this.unheard).map(([start, end]) => [Math.round(start), Math.round(end)]);
    this.unheard = [];
    return spans;
  }

  /** A recording that failed (the server was away) stays silent until it is loaded anew. */
  #reload() {
    const { currentTime } = this.audio;
    this.audio.load();
    this.audio.currentTime = currentTime;
  }

  #forgetTyping() {
    clearTimeout(this.#typing?.timer);
    this.#typing = null;
  }

  #state() {
    this.#note();
    cancelAnimationFrame(this.#frame);
    if (this.playing) this.#frame = requestAnimationFrame(() => this.#run());
    else this.#last = null;
    this.dispatchEvent(new Event("state"));
    this.#tick();
  }

  #run() {
    this.#note();
    if (this.#loop && this.now >= this.#loop[1]) {
      if (this.#loop[2] === "once") {
        this.#loop = null;
        this.audio.pause();
        return;
      }
      this.seek(this.#loop[0]);
    }
    this.#tick();
    if (this.playing) this.#frame = requestAnimationFrame(() => this.#run());
  }

  #tick() {
    this.dispatchEvent(new Event("time"));
  }

  /** What went by since the last frame was heard, unless it was a jump. */
  #note() {
    const now = this.now;
    if (this.#last !== null && now > this.#last && now - this.#last < 1500) this.unheard.push([this.#last, now]);
    this.#last = this.playing ? now : null;
    if (this.unheard.length > 200) this.unheard = joined(this.unheard);
  }
}
