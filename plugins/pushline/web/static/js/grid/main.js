// The sheet page: reads the sheet, puts the grid together, and tells the other parts of the page.

import * as api from "../api.js";
import { toast } from "../shell.js";
import { showStops } from "../stop.js";
import { word } from "../words.js";
import { Acts } from "./acts.js";
import { BriefActs } from "./brief_acts.js";
import { textOfCell } from "./cells.js";
import { Clipboard } from "./clipboard.js";
import { keepFolded, listFolded, listParts } from "./columns.js";
import { ContextMenu } from "./context.js";
import { Deciding } from "./deciding.js";
import { Editor } from "./editors.js";
import { Edits } from "./edits.js";
import { Fill } from "./fill.js";
import { Filters } from "./filters.js";
import { Follower } from "./follower.js";
import { Hints } from "./hints.js";
import { Keeper } from "./keeper.js";
import { Keys } from "./keys.js";
import { watchLeaving } from "./leaving.js";
import { makeColumnMenu, showKeys } from "./menu.js";
import { Mouse } from "./mouse.js";
import { loadSheet } from "./loading.js";
import { askToReturn } from "./questions.js";
import { Saver } from "./saver.js";
import { Selection } from "./selection.js";
import { State } from "./state.js";
import { Store } from "./store.js";
import { Table } from "./table.js";
import { Typing } from "./typing.js";
import { View } from "./view.js";
import { findNextWaiting, listWaiting } from "./waiting.js";

const TOOLS_PAUSE = 150;
const REST = 120;
const at = (id) => document.getElementById(id);
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

async function open() {
  const sheet = await loadSheet(at("grid"));
  showStops(sheet.stops, sheet.zone);
  const store = new Store(sheet);
  const view = new View();
  const selection = new Selection(view);
  const state = new State(sheet.zone);
  const parts = listParts(sheet);
  const folded = listFolded(parts, store);

  const aside = new Map(); // what is told of a cell that was set aside, until it is mended
  const keeper = new Keeper(sheet.me.name);
  const saver = new Saver(store, api, keeper, {
    tell: (news) => state.tell(news),
    askToReturn,
    onConflicts: (conflicts) => deciding.meet(conflicts),
    onAside: ({ id, key, sentence }) => {
      const column = store.columns.get(key)?.header ?? key;
      const told = toast(word("grid.set_aside", { code: store.row(id).code, column, sentence }), "error", { stays: true });
      aside.set(`${id} ${key}`, told);
    },
    onReleased: ({ id, key }) => {
      aside.get(`${id} ${key}`)?.remove();
      aside.delete(`${id} ${key}`);
    },
    onRefused: (refused) => {
      for (const sentence of new Set(refused.map((one) => one.sentence))) toast(sentence, "error");
    },
    onSaved: (codes) => announce(codes.map((code) => store.idOfCode.get(code))),
  });
  await keeper.open((kept) => takeUp(kept));
  const filters = new Filters(
    store,
    { status: at("filter-status"), week: at("filter-week"), search: at("search"), mend: at("filter-mend") },
    () => {
      table.refilter();
      at("filter-clear").hidden = !filters.isOn;
    },
  );
  const table = new Table(at("grid"), {
    store, view, selection, parts, folded,
    accepts: (id) => filters.accepts(id),
    onFold: (key) => fold(key, true),
    onUnsort: () => { sortBy(table.order.key, null); table.focus(); },
  });
  await table.build();
  const typing = new Typing(api, store);
  const editor = new Editor(table, {
    onCommit: (commit) => { typing.stop(); acts.commit(commit); },
    // The preview showed what was typed.
    onCancel: () => { typing.stop(); table.focus(); hints.showActive(); announce([selection.active?.id]); },
    onTyping: (typed) => typing.heard(typed, (problems) => {
      if (editor.isAt(typed.id, typed.key)) editor.judge(problems);
    }),
  });
  const edits = new Edits(store, saver, {
    report: (cells) => acts.sayWhyNot(cells),
    removeRows: (ids) => acts.removeRows(ids),
    restoreRows: (codes) => acts.restoreRows(codes),
  });
  const follower = new Follower(store, api, {
    onNews: (changed) => {
      const ids = [...changed.keys()];
      const seen = [...changed].map(([id, keys]) => [id, [...keys].filter((key) => !store.isWaiting(id, key))]);
      table.refresh([], { flash: seen });
      announce(ids);
    },
    onNumbers: (ids) => ids.forEach((id) => tell("numbers-changed", { row: rowFor(id) })),
    onStops: (stops) => showStops(stops, sheet.zone),
    onLost: (isLost, isAnswered) => state.lose(isLost, isAnswered),
  });
  const deciding = new Deciding({ store, saver, edits, table, editor, zone: sheet.zone });
  const acts = new Acts({
    store, view, selection, edits, saver, table, editor, api, follower,
    decide: (cells) => void deciding.ask(cells),
  });

  const hints = new Hints(table, {
    store, view, selection, editor,
    onFix: ({ id, key, value }) => edits.apply([{ id, key, value }]),
  });
  new Fill(table, { store, view, selection, edits, editor });
  new Mouse(table.element, {
    table, view, selection, editor, edit: (how) => acts.edit(how),
    sort: (key) => sortBy(key, table.order.after(key)),
  });
  const fix = () => {
    const value = hints.fixOfActive();
    const other = hints.otherOfActive();
    if (value !== undefined) edits.apply([{ ...selection.active, value }]);
    else if (other) goToCode(other.brief, other.column);
  };
  const keyActs = {
    edit: (how) => acts.edit(how), clear: () => acts.clear(), fix,
    fillDown: () => acts.fillDown(), fillRight: () => acts.fillRight(),
    undo: () => acts.undo(), redo: () => acts.redo(),
    showMenu: () => menu.show(),
    sort: (direction) => {
      const key = selection.active?.key;
      const isOn = table.order.key === key && table.order.direction === direction;
      if (key) sortBy(key, isOn ? null : direction);
    },
  };
  new Keys(table.holder, {
    view, selection, table, acts: keyActs, textAt: (id, key) => textOfCell(store, id, key),
  });
  const clipboard = new Clipboard({
    store, view, selection, edits,
    isOurs: () => table.hasFocus && !editor.isOpen,
    onPasted: ({ cells, rows, cut }) => {
      if (cut > 0) toast(word("grid.pasted_too_wide", { count: cut }), "warning");
      else if (rows) toast(word("grid.pasted_rows", { count: rows }), "good");
      else if (cells > 1) toast(word("grid.pasted", { count: cells }), "good");
    },
    onNoRows: (count) => toast(word("grid.no_rows", { count }), "warning"),
  });
  const briefActs = new BriefActs({ store, selection, saver, table, showBrief: () => showBrief() });
  const orSay = async (done, key) => {
    if (!(await done)) toast(word(key), "warning");
  };
  const menu = new ContextMenu(table, {
    store, view, selection, editor,
    acts: {
      cut: () => void orSay(clipboard.copy({ takesAway: true }), "grid.no_copy"),
      copy: () => void orSay(clipboard.copy(), "grid.no_copy"),
      paste: () => void orSay(clipboard.paste(), "grid.no_paste"),
      fillDown: () => acts.fillDown(), clear: () => acts.clear(), duplicate: () => void acts.duplicate(),
      openPanel: () => briefActs.openPanel(), openForm: () => void briefActs.openForm(),
      copyLink: () => void briefActs.copyLink(),
      showHistory: (id, key) => void briefActs.showHistory(id, key),
      sort: (key, direction) => sortBy(key, direction), fit: (key) => table.fitColumn(key),
    },
  });

  function sortBy(key, direction) {
    table.sortBy(key, direction);
    const column = store.columns.get(key)?.header ?? word(`grid.${key}`);
    at("sort-note").textContent = word(direction ? `grid.sorted_${direction}` : "grid.sorted_not", { column });
  }

  // What the store tells, the table shows; rows that came or went change what is seen.
  store.listen(({ changed, added, removed }) => {
    if (added.length || removed.length) void table.changeRows(added, removed);
    table.refresh(changed);
    if (removed.includes(shown)) {
      shown = null;
      tell("brief-removed");
    }
    later();
  });
  // What a key changed is painted first; what the tools say about it follows a moment later.
  let planned = null;
  const later = () => {
    requestAnimationFrame(() => hints.showActive());
    planned ??= setTimeout(() => {
      planned = null;
      drawTools();
    }, TOOLS_PAUSE);
  };
  const drawTools = () => {
    const { own, others } = hints.countErrors();
    at("mend").hidden = !own;
    at("mend").textContent = word("grid.cells_to_mend", { count: own });
    const count = [...others.values()].reduce((sum, one) => sum + one, 0);
    at("mend-others").hidden = !count;
    at("mend-others").textContent = word(own ? "grid.mend_others" : "grid.mend_all_others", { count });
    const owners = [...others].map(([owner, cells]) => `${owner} ${cells}`).join(", ");
    at("mend-others").title = word("grid.mend_others_note", { owners });
    const waiting = listWaiting(store, store.ids).length;
    at("waiting").hidden = !waiting;
    at("waiting").textContent = word("grid.waiting", { count: waiting });
    at("undo").disabled = !edits.done.length;
    at("redo").disabled = !edits.undone.length;
    filters.listWeeks();
  };
  edits.listen(later);

  function fold(key, isFolded) {
    table.fold(key, isFolded);
    keepFolded(folded);
    drawMenu();
  }
  const drawMenu = makeColumnMenu(at("columns-menu"), parts, folded, fold);

  // What an earlier page could not save.
  function takeUp(kept) {
    const { count, lost } = saver.takeUp(kept);
    if (count) toast(word("grid.taken_up", { count }), "info");
    for (const { code, key, value, isGone } of lost) {
      const column = store.columns.get(key)?.header ?? key;
      const said = word(isGone ? "grid.taken_up_gone" : "grid.taken_up_other", { code, column, value });
      toast(said, "error", { stays: true });
    }
    // While the page is put together, nothing could hear the answer.
    if (document.body.dataset.ready) saver.kick(0);
  }
  watchLeaving({ saver, editor });

  // To the other parts of the page, and from them.
  const rowFor = (id) => ({ ...store.row(id), cells: store.cellsOf(id) });
  function announce(ids) {
    for (const id of ids) if (store.row(id)?.code) tell("brief-changed", { row: rowFor(id) });
    rest(); // a new row has a code now
  }
  // Only where a person rests: on the way through the rows every one would be drawn and asked for.
  let shown = null;
  let resting = null;
  function rest() {
    clearTimeout(resting);
    resting = setTimeout(showBrief, REST);
  }
  selection.listen(rest);
  function showBrief() {
    const id = selection.active?.id ?? null;
    if (id === shown || (id && !store.row(id)?.code)) return;
    shown = id;
    if (!id) return;
    tell("brief-selected", { row: rowFor(id) });
    history.replaceState(null, "", `?brief=${encodeURIComponent(store.row(id).code)}`);
  }
  const goToCode = (code, key = "idea") => {
    const id = store.idOfCode.get(code);
    if (!id) return false;
    if (view.rowOf(id) < 0) filters.clear();
    acts.goTo(id, key);
    return true;
  };
  document.addEventListener("reach-counted", ({ detail }) => {
    const id = store.idOfCode.get(detail.code);
    if (!id) return;
    store.row(id).reach = detail.reach;
    table.refresh([[id, null]]);
  });
  document.addEventListener("refresh-rows", () => void follower.ask());
  document.addEventListener("select-brief", ({ detail }) => {
    editor.finish(); // what is typed is kept
    goToCode(detail.code, detail.column);
  });
  document.addEventListener("ask-view", ({ detail }) => {
    detail.codes = view.ids.map((id) => store.row(id)?.code).filter(Boolean);
  });
  document.addEventListener("apply-cells", ({ detail }) => {
    edits.apply(
      detail.changes
        .map(({ code, column, value }) => ({ id: store.idOfCode.get(code), key: column, value }))
        .filter(({ id }) => id),
    );
  });

  at("row-new").addEventListener("click", () => acts.addRow());
  at("row-copy").addEventListener("click", () => void acts.duplicate());
  at("row-remove").addEventListener("click", () => void acts.remove());
  for (const id of ["row-new", "row-copy", "row-remove"]) at(id).hidden = !store.mayAddRows();
  at("undo").addEventListener("click", () => acts.undo());
  at("redo").addEventListener("click", () => acts.redo());
  at("keys").addEventListener("click", () => void showKeys());
  at("filter-clear").addEventListener("click", () => filters.clear());
  at("mend").addEventListener("click", () => {
    const everyKey = parts.flatMap((part) => part.columns);
    const next = hints.findNext(view.ids, everyKey) ?? hints.findNext(store.ids, everyKey);
    if (!next) return;
    if (view.rowOf(next.id) < 0) filters.clear();
    const part = parts.find(({ columns }) => columns.includes(next.key));
    if (folded.has(part.key)) fold(part.key, false);
    acts.goTo(next.id, next.key);
  });
  at("waiting").addEventListener("click", () => {
    drawTools(); // the time of some may have passed
    const { active } = selection;
    const next = findNextWaiting(store, view.ids, active?.id) ?? findNextWaiting(store, store.ids, active?.id);
    if (!next) return;
    if (view.rowOf(next) < 0) filters.clear();
    acts.goTo(next, "idea");
  });

  drawTools();
  saver.kick(0);
  if (!saver.hasWork()) state.tell({ kind: "saved", count: 0 });
  const asked = new URLSearchParams(location.search).get("brief");
  if (asked && !goToCode(asked)) toast(word("grid.no_such_brief", { code: asked }), "warning");
  tell("sheet-loaded", { sheet });
  follower.start();
  document.body.dataset.ready = "true";
  // For the bench: the frame with the rows has been painted.
  requestAnimationFrame(() => setTimeout(() => performance.mark("sheet-ready")));
}

void open();
