// Every command of the editor, its keys, and the keys people chose instead. Data only; what commands do is elsewhere.

const STORED = "kaigiroku-keys";

/** writes: it changes the minutes, and does nothing once they are final. */
export const COMMANDS = [
  ["play", "聞く", "再生・一時停止", ["F4"]],
  ["hold", "聞く", "押している間だけ再生（足踏みペダル向き）", ["F9"]],
  ["back", "聞く", "3秒戻る", ["F3"]],
  ["forward", "聞く", "3秒進む", ["Shift+F3"]],
  ["loop", "聞く", "今の文をくり返す", ["F2"]],
  ["here", "聞く", "カーソルの語から再生", ["Shift+F4"]],
  ["slower", "聞く", "遅くする", ["Alt+,"]],
  ["faster", "聞く", "速くする", ["Alt+."]],
  ["playing", "聞く", "再生している所へ移る", ["Alt+P"]],
  ["doubt", "確かめる", "次の疑わしい所", ["F8"]],
  ["doubt-back", "確かめる", "前の疑わしい所", ["Shift+F8"]],
  ["accept", "確かめる", "この語はこのままでよい（次の疑わしい所へ）", ["Alt+K"], "writes"],
  ["confirm", "確かめる", "この発言を確認済みにして次へ", ["Ctrl+Enter"], "writes"],
  ["unheard", "確かめる", "次のまだ聞いていない所", ["Alt+U"]],
  ["take-back", "確かめる", "この語を一つ前の段階に戻す", ["Alt+Z"], "writes"],
  ["layers", "確かめる", "変更の下線を表示・非表示", ["Alt+L"]],
  ["next", "移る", "次の発言", ["Alt+ArrowDown"]],
  ["previous", "移る", "前の発言", ["Alt+ArrowUp"]],
  ["check", "移る", "確認の欄へ（Escで本文に戻る）", ["Alt+A"]],
  ["comments", "移る", "コメントの欄へ", ["Alt+B"]],
  ["undo", "直す", "元に戻す", ["Ctrl+Z"], "writes"],
  ["redo", "直す", "やり直す", ["Ctrl+Y", "Ctrl+Shift+Z"], "writes"],
  ["find", "直す", "検索と置換", ["Ctrl+F", "Ctrl+H"]],
  ["menu", "発言", "この発言の操作", ["Alt+X"]],
  ["role", "発言", "役割・話者を変える", ["Alt+R"], "writes"],
  ["split", "発言", "カーソルの所で発言を分ける", ["Alt+Enter"], "writes"],
  ["merge", "発言", "前の発言とつなぐ", ["Alt+Shift+Enter"], "writes"],
  ["move-up", "発言", "カーソルより前を前の発言へ移す", ["Alt+Shift+ArrowUp"], "writes"],
  ["move-down", "発言", "カーソルより後を次の発言へ移す", ["Alt+Shift+ArrowDown"], "writes"],
  ["explain", "発言", "説明として扱う・全文に戻す", ["Alt+S"], "writes"],
  ["heading", "発言", "この上に議題の見出しを入れる", ["Alt+M"], "writes"],
  ["decision", "発言", "この下に決定を入れる", ["Alt+O"], "writes"],
  ["withhold", "発言", "非公開にする・やめる", ["Alt+N"], "writes"],
  ["comment", "発言", "コメントを書く", ["Alt+C"]],
  ["history", "そのほか", "履歴を開く", ["Alt+I"]],
  ["preview", "そのほか", "様式のプレビュー", ["Alt+V"]],
  ["settings", "そのほか", "設定の欄へ", ["Alt+G"]],
  ["keys", "そのほか", "キー操作の一覧", ["F1"]],
].map(([id, group, title, keys, writes]) => ({ id, group, title, keys, writes: Boolean(writes) }));

/** The role numbered 1 to 9 in the order of the form. */
export const ROLE_KEYS = Array.from({ length: 9 }, (_, i) => `Alt+${i + 1}`);

/** How a key event is called: Ctrl+Alt+Shift+Key; letters and digits by their place, so that no layout or IME hides them. */
export function keyOf(event) {
  const placed = /^(?:Key|Digit)(.)$/.exec(event.code);
  const named = { Comma: ",", Period: ".", Slash: "/", Minus: "-" }[event.code];
  const key = placed?.[1] ?? named ?? event.key;
  if (["Control", "Alt", "Shift", "Meta", "Process", "Unidentified", "Dead"].includes(key)) return "";
  const held = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : ""];
  return [...held.filter(Boolean), key].join("+");
}

/** Whether a key may be given to a command: it must not be one that writes, moves the cursor or belongs to the IME. */
export function assignable(key) {
  const bare = key.split("+").at(-1);
  if (/^F\d+$|^Media/.test(bare)) return true;
  if (["Tab", "Escape", " ", "CapsLock", "Convert", "NonConvert", "KanaMode", "Zenkaku", "Hankaku"].includes(bare)) return false;
  return /^(Ctrl|Alt)\+/.test(key) && key !== "Ctrl+ ";
}

/** id → keys, as people chose them. */
export function chosenKeys() {
  let own = {};
  try {
    own = JSON.parse(localStorage.getItem(STORED)) ?? {};
  } catch {
    own = {};
  }
  return new Map(COMMANDS.map(({ id, keys }) => [id, Array.isArray(own[id]) ? own[id] : keys]));
}

export function chooseKeys(map) {
  const own = {};
  for (const { id, keys } of COMMANDS) if (String(map.get(id)) !== String(keys)) own[id] = map.get(id);
  localStorage.setItem(STORED, JSON.stringify(own));
}

export const forgetKeys = () => localStorage.removeItem(STORED);

/** As people read it: Alt+↑. */
export function shown(key) {
  return key.replace("ArrowUp", "↑").replace("ArrowDown", "↓").replace("ArrowLeft", "←").replace("ArrowRight", "→").replace(/^(.*\+)?([a-z])$/, (_, held, letter) => (held ?? "") + letter.toUpperCase());
}
