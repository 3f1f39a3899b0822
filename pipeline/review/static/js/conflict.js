// Two people changed the same turn: both texts, side by side, and the clerk chooses. Nothing is dropped in silence.

import { h, toast } from "./dom.js";
import { ask } from "./menu.js";
import { post } from "./net.js";
import { compared } from "./texts.js";

export class Conflicts {
  #queue = Promise.resolve();

  constructor(app) {
    this.app = app;
    app.outbox.addEventListener("conflict", ({ detail }) => {
      this.#queue = this.#queue.then(() => this.#settle(detail)).catch(() => {});
    });
  }

  async #settle({ id, base, start, now, reason }) {
    const { outbox, model, view } = this.app;
    const mine = outbox.text(id);
    const theirs = now?.entry ? now.entry.text : null;
    if (mine === undefined) return;
    if (theirs === mine) return outbox.settle(id, null);
    const who = now?.author ? this.app.nameOf(now.author) : "ほかの画面";
    const answer = theirs === null
      ? await ask("打った文の置き場がありません", [h("p", {}, reason || `${who}がこの発言を別の発言とつないだか、なくしました。あなたの文はコメントとして残せます。`), this.#text(mine)], [["comment", "コメントに残す", "main"]])
      : await ask("同じ発言をほかの人も直しました", [
          h("p", {}, `あなたが打っている間に、${who}がこの発言を保存しました。どちらの文にするか選んでください。選ばなかった文はコメントに残ります。`),
          h("div", { class: "both" }, h("h3", {}, "あなたの文"), h("h3", {}, `${who}の文`), this.#compared(base, mine), this.#compared(base, theirs)),
          h("p", {}, h("label", {}, "二つを合わせた文を作る（はじめは、あなたの文です）", h("textarea", { name: "text", rows: 4 }, mine))),
        ], [["theirs", `${who}の文にする`], ["mine", "自分の文にする"], ["text", "下の欄の文にする", "main"]]);
    if (!answer) return this.#settle({ id, base, start, now, reason }); // Esc decides nothing
    const text = { mine, theirs: null, text: answer.form.get("text"), comment: null }[answer.value];
    await this.#note(id, start, `採用しなかった文：${text === mine ? theirs : mine}`);
    outbox.settle(id, text);
    const entry = model.get(id);
    if (entry) {
      view.rewrite(id, text ?? entry.text);
      view.reveal(id, { block: "nearest" });
    }
    toast("決めました。");
  }

  #text(text) {
    return h("div", { class: "both" }, h("div", {}, text));
  }

  #compared(before, after) {
    const tag = { same: "span", gone: "del", new: "ins" };
    return h("div", {}, ...compared(before, after).map(([kind, text]) => h(tag[kind], {}, text)));
  }

  async #note(block, start, text) {
    await post(`/api/meetings/${this.app.meeting}/comments`, { block, start_ms: start ?? 0, text: text.slice(0, 5000) });
  }
}
