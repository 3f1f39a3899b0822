// What a recording is like: level, noise, room, the rate to expect, and what to change next time.

import { h } from "./dom.js";
import { ask } from "./menu.js";
import { request } from "./net.js";

const STATES = { good: ["良", "good"], note: ["注意", "warn"], bad: ["不良", "bad"] };

/** Show it in a dialog. Throws Refused. */
export async function showQuality(meeting) {
  const { findings, expected } = await request(`/api/meetings/${meeting}/quality`, { timeout: 120000 });
  const advice = [...new Set(findings.map((each) => each.advice).filter(Boolean))];
  await ask("録音の状態", [
    h("table", {}, h("tbody", {}, ...findings.map(row))),
    advice.length ? h("div", {}, h("h3", {}, "次の会議で変えること"), h("ul", {}, ...advice.map((text) => h("li", {}, text)))) : "",
    expected ? h("p", { class: "faint" }, `見込み：同梱のモデル（${expected.model}）で、認識率はおよそ${Math.round(expected.low)}～${Math.round(expected.high)}％です。話し方や固有名詞によって外れることがあります。`) : "",
  ], [["ok", "閉じる", "main"]]);
}

function row({ name, state, measured, text }) {
  const [title, kind] = STATES[state];
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, h("span", { class: `tag ${kind}` }, title)), h("td", { class: "num" }, measured), h("td", {}, text));
}
