// What each command of the key map does.

import { toast } from "./dom.js";
import { sentenceAt, wordAtPlace } from "./model.js";

/** id of a command → function. */
export function actionsOf(app) {
  return { ...listening(app), ...checking(app), ...changing(app), ...opening(app) };
}

/** The turn with the cursor, else the one that is playing. */
function speech({ view, model, player }) {
  return view.current?.kind === "speech" ? view.current : model.turnAt(player.now);
}

function wordAtCursor(app) {
  const entry = speech(app);
  const at = app.cursor();
  return [entry, entry && at ? wordAtPlace(entry, at.start) : -1];
}

function listening(app) {
  const { player, view, model } = app;
  return {
    play: () => player.toggle(),
    hold: () => player.play(),
    back: () => player.skip(-3000),
    forward: () => player.skip(3000),
    loop() {
      if (player.looping) return player.loop(null);
      const entry = speech(app);
      if (!entry?.sentences?.length) return;
      const place = entry === view.current ? app.cursor()?.start : undefined;
      const at = sentenceAt(entry, place === undefined ? { ms: player.now } : { place });
      player.loop([entry.sentences[at + 2], Math.max(entry.sentences[at + 3], entry.sentences[at + 2] + 500)]);
    },
    here() {
      const [entry, word] = wordAtCursor(app);
      player.play(word >= 0 ? entry.words[word + 2] : entry?.start);
    },
    slower: () => player.speed(-1),
    faster: () => player.speed(1),
    playing() {
      const entry = model.turnAt(player.now);
      if (entry) view.reveal(entry.id, { place: 0 });
    },
  };
}

function checking(app) {
  return {
    doubt: () => app.triage.jump(1),
    "doubt-back": () => app.triage.jump(-1),
    async accept() {
      const [entry, word] = wordAtCursor(app);
      if (word < 0) return;
      const operations = app.triage.wordsAround(entry, word).map((start_ms) => ({ op: "accept", id: entry.id, start_ms }));
      await app.structure.enter(operations, [entry.id]);
      app.triage.jump(1);
    },
    confirm: () => app.structure.confirm(),
    unheard: () => app.triage.unheard(),
    "take-back": () => app.word.takeBack(),
    next: () => app.go(1),
    previous: () => app.go(-1),
  };
}

function changing(app) {
  const { structure } = app;
  return {
    undo: () => again(app, "undo"),
    redo: () => again(app, "redo"),
    role: () => structure.roleMenu(),
    split: () => structure.split(),
    merge: () => structure.merge(),
    "move-up": () => structure.moveWords(-1),
    "move-down": () => structure.moveWords(1),
    explain: () => structure.explain(),
    heading: () => structure.heading(),
    decision: () => structure.decision(),
    comment: () => app.comments.write(),
    withhold: () => app.withholding.ask(),
    menu: () => app.menu(),
  };
}

function opening(app) {
  return {
    check: () => app.tools.open("check"),
    comments: () => app.tools.open("comments"),
    find: () => app.find.open(),
    history: () => app.tools.open("history"),
    settings: () => app.tools.open("settings"),
    layers() {
      app.settings.layers = !app.settings.layers;
      app.ink.all();
      toast(app.settings.layers ? "変更の下線を表示します。" : "変更の下線を隠します。");
    },
    preview: () => location.assign(`/meetings/${app.meeting}/preview`),
    keys: () => open("/keys"),
  };
}

async function again(app, direction) {
  try {
    const event = await app.outbox.again(direction);
    const changed = event.changes.flatMap((change) => change.put ?? [])[0];
    if (changed && app.model.get(changed.id)) app.view.reveal(changed.id, { block: "nearest", focus: app.view.current?.id !== changed.id });
  } catch (error) {
    toast(error.message);
  }
}
