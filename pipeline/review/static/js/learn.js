// Proposals for the dictionary: shown at once, their effect on past meetings as soon as it is known.

import { post, request } from "./net.js";

const list = document.getElementById("proposals");
const state = document.getElementById("state");
const template = document.getElementById("proposal");
const REPLAY_MS = 30 * 60 * 1000;

function context(each) {
  const line = document.createElement("li");
  const heard = document.createElement("del");
  const told = document.createElement("ins");
  heard.textContent = each.heard;
  told.textContent = each.told;
  line.append(each.before, heard, told, each.after, `（${each.meeting}）`);
  return line;
}

function card(proposal) {
  const made = template.content.cloneNode(true).firstElementChild;
  const put = (name, text) => { made.querySelector(name).textContent = text; };
  made.dataset.written = proposal.written;
  put(".written", proposal.written);
  put(".reading", proposal.reading);
  const heard = proposal.heard_as.map((each) => `「${each.text}」${each.count}回`).join("、");
  put(".counts", `${proposal.occurrences}回のうち${proposal.misheard}回、${heard}になっていました（会議${proposal.meetings}件）。`);
  made.querySelector(".contexts").replaceChildren(...proposal.contexts.map(context));
  const fixed = proposal.heard_as.filter((each) => !each.meant).map((each) => `「${each.text}」`).join("、");
  put(".fixed", fixed ? `入れると、${fixed}は次から必ず「${proposal.written}」に直ります。` : "");
  made.querySelector(".yes").addEventListener("click", () => decide(made, true));
  made.querySelector(".no").addEventListener("click", () => decide(made, false));
  return made;
}

async function decide(section, accepted) {
  for (const button of section.querySelectorAll("button")) button.disabled = true;
  try {
    if (accepted) await post("/api/learn", { written: section.dataset.written });
    const next = section.nextElementSibling ?? section.previousElementSibling;
    section.remove();
    state.textContent = accepted ? `「${section.dataset.written}」を辞書に入れました。` : "";
    (next?.querySelector(accepted ? ".yes" : ".no") ?? document.getElementById("main")).focus();
  } catch (error) {
    state.textContent = error.message;
    for (const button of section.querySelectorAll("button")) button.disabled = false;
  }
}

function effect({ better, worse, neither }) {
  if (!better && !worse) return "過去の会議では、入れても変わる箇所がありませんでした。";
  const rest = neither ? `、どちらでもない箇所${neither}` : "";
  return `過去の会議で試すと、良くなる箇所${better}、悪くなる箇所${worse}${rest}でした。`;
}

async function show() {
  const found = await request("/api/learn", { timeout: REPLAY_MS });
  list.replaceChildren(...found.map(card));
  state.textContent = found.length ? `${found.length}件の提案があります。` : "提案はありません。同じ言葉が2回以上直されると、ここに出ます。";
  if (!found.length) return;
  for (const proposal of await request("/api/learn?replay=true", { timeout: REPLAY_MS })) {
    const section = list.querySelector(`[data-written="${CSS.escape(proposal.written)}"]`);
    if (section) section.querySelector(".effect").textContent = effect(proposal.effect);
  }
}

show().catch((error) => { state.textContent = error.message; });
