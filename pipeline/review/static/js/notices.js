// What the clerk has to know or decide about the whole of the minutes, above them: a newer draft, a log-in that has run
// out, a recording that cannot be played, minutes that are final.

import { $, h, toast } from "./dom.js";
import { person, post } from "./net.js";

export function showNotices(app) {
  const draft = notice("draft");
  const offer = (number) => draft.show(number && !app.readOnly && number !== draft.refused ? offered(app, draft, number) : null);
  app.addEventListener("draft", ({ detail }) => offer(detail.number));
  offer(app.sheet.newerDraft);
  notice("final").show(app.readOnly ? [h("p", {}, h("b", {}, "この議事録は確定しています。"), "聞くこと、書き出すことはできます。直すには、承認者が上の「確定」を押して取り消してください。")] : null);
  const sound = notice("sound");
  app.player.addEventListener("state", () => sound.show(app.player.audio.error ? silent(app) : null));
  const login = notice("login");
  app.outbox.addEventListener("status", ({ detail }) => login.show(detail.login && person() ? loggedOut() : null));
}

function notice(name) {
  const box = h("div", { class: "banner", id: `notice-${name}`, role: "status", hidden: true });
  $("#notices").append(box);
  return {
    refused: null,
    show(content) {
      if (box.hidden === !content) return;
      box.hidden = !content;
      box.replaceChildren(...(content ?? []));
    },
  };
}

function offered(app, draft, number) {
  const later = () => {
    draft.refused = number;
    draft.show(null);
  };
  return [
    h("p", {}, h("b", {}, "新しい下書きができました。"), "切り替えても、直した発言と確認済みの発言はそのまま残り、ほかの発言が新しくなります。元に戻すこともできます。"),
    h("button", { type: "button", class: "main", onclick: () => take(app, draft, number) }, "新しい下書きに切り替える"),
    h("button", { type: "button", onclick: later }, "あとで"),
  ];
}

async function take(app, draft, number) {
  try {
    const { seams } = await app.outbox.run(async () => {
      const answer = await post(`/api/meetings/${app.meeting}/adopt`, { base: number });
      await app.outbox.take(answer.edit);
      return answer;
    });
    draft.show(null);
    const rest = seams ? `直した発言との境目${seams}か所に「要確認」の印を付けました。前後を聞いて確かめてください。` : "";
    toast(`新しい下書きに切り替えました。${rest}`, { ms: 10000 });
  } catch (error) {
    toast(error.message, { bad: true });
  }
}

function silent(app) {
  return [
    h("p", {}, h("b", {}, "録音を再生できません。"), "サーバーに届かないか、録音のファイルが読めません。文字は直せます。"),
    h("button", { type: "button", onclick: () => app.player.play() }, "もう一度再生する"),
  ];
}

function loggedOut() {
  return [
    h("p", {}, h("b", {}, "ログインが切れました。"), "打った文はこのパソコンに保管しています。ログインすると、この画面から届けます。"),
    h("a", { class: "button main", href: "/login?next=/keys", target: "_blank", rel: "noopener" }, "別のタブでログインする"),
  ];
}
