// The panel where each person sets how the editor behaves; kept in the browser.

import { h } from "./dom.js";
import { settings } from "./settings.js";

const SECONDS = [0, 0.5, 1, 1.5, 2, 3, 5].map((s) => [s * 1000, s ? `${s}秒` : "0秒"]);
const DOUBTS = [[60, "少なめ（とても疑わしい語だけ）"], [35, "標準"], [20, "多め"]];
const SIZES = [["", "標準"], ["large", "大きい"], ["larger", "とても大きい"]];
const THEMES = [["", "パソコンの設定に合わせる"], ["light", "明るい"], ["dark", "暗い"]];
const LEGEND = [
  ["doubt-high", "あいう", "特に疑わしい語"], ["doubt-low", "あいう", "疑わしい語"], ["layer", "あいう", "辞書などの規則が直した語"], ["retyped", "あいう", "人が直した語"],
  ["playing", "あいう", "今聞こえている語"], ["withheld", "あいう", "公開用の写しで伏せる語"],
];

export function addPreferences(app) {
  const panel = app.tools.add("settings", "設定", { focus: "input" });
  const tick = (name, text) => {
    const box = h("input", { type: "checkbox", checked: settings[name], onchange: () => set(name, box.checked) });
    return h("label", { class: "tick" }, box, text);
  };
  const choice = (name, text, options) => {
    const field = h("select", { onchange: () => set(name, typeof settings[name] === "number" ? Number(field.value) : field.value) },
      ...options.map(([value, title]) => h("option", { value, selected: value === settings[name] }, title)));
    return h("p", {}, h("label", {}, text, field));
  };
  const set = (name, value) => {
    settings[name] = value;
    applyLook();
    app.ink.all();
    app.triage.update();
  };
  panel.append(
    h("h2", {}, "打っている間の再生"), tick("autoPause", "文字を打つ間は止める"),
    choice("resumeAfterMs", "打ち終えてから再開するまで", SECONDS.slice(1)), choice("rewindMs", "再開するときに戻る長さ（ペダルも）", SECONDS),
    h("h2", {}, "聞く"), tick("clickPlays", "語を押すと、そこから再生する"), tick("follow", "再生に合わせて画面を送る"),
    h("h2", {}, "見え方"), choice("doubtFrom", "疑わしい語の下線", DOUBTS), tick("layers", "辞書や人が変えた語に下線を引く"),
    choice("textSize", "本文の文字の大きさ", SIZES), choice("theme", "画面の明るさ", THEMES),
    h("h2", {}, "色と下線の意味"), h("dl", { class: "legend" }, ...LEGEND.flatMap(([kind, sign, text]) => [h("dt", { class: kind }, sign), h("dd", {}, text)])),
    h("h2", {}, "キー"), h("p", {}, h("a", { href: "/keys", target: "_blank" }, "キー操作の一覧と変更")),
    h("p", { class: "faint" }, "設定は、このパソコンのこのブラウザーに保存されます。"));
}

/** What of the settings changes the look of the page. */
export function applyLook() {
  document.documentElement.dataset.theme = settings.theme;
  document.body.dataset.text = settings.textSize;
}
