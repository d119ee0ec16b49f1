// The table on the page. Tabulator lays out rows, columns and headers and draws only the rows in
// sight; what a cell shows, which cells are chosen and what keys do is ours.

import {
  FilterModule,
  FormatModule,
  FrozenColumnsModule,
  ResizeColumnsModule,
  ResizeTableModule,
  Tabulator,
} from "../../vendor/tabulator-tables/tabulator.js";
import { word } from "../words.js";
import { paintCell } from "./cells.js";
import { widthOf } from "./columns.js";
import { columnTitle, giveRoles, markSorted, sortEnd } from "./headers.js";
import { Order } from "./order.js";
import { SeenOrder } from "./seen_order.js";
import { keepWidth, readWidths, WIDEST } from "./widths.js";

Tabulator.registerModule([
  SeenOrder,
  FilterModule,
  FormatModule,
  FrozenColumnsModule,
  ResizeColumnsModule,
  ResizeTableModule,
]);

const ROW_HEIGHT = 32;
// Rows drawn above and below those in sight: each costs a little of every key.
const ROWS_BESIDE = 10;
const FLASH = 2500;
const FEW_ROWS = 10;
const WIDE_ENOUGH_TO_FREEZE = 1200;
const EDGES = ["top", "right", "bottom", "left"];

export class Table {
  constructor(element, { store, view, selection, parts, folded, accepts, onFold, onUnsort }) {
    Object.assign(this, { element, store, view, selection, parts, folded, accepts, onFold, onUnsort });
    this.order = new Order(store);
    this.widths = readWidths();
    this.conflicts = new Set(); // "id column"
    this.marked = new Set();
    this.stale = new Set(); // ids whose element, out of sight, shows what was
    this.drawnIds = new Set(store.ids); // what Tabulator has been given
    this.isFiltered = false;
  }

  /** Resolves when the first rows are drawn. */
  build() {
    const started = new Promise((resolve) => {
      this.tabulator = new Tabulator(this.element, {
        index: "id",
        data: this.store.ids.map((id) => ({ id })),
        columns: this.parts.map((part) => this.#group(part)),
        seenOrder: this.order,
        columnDefaults: { resizable: "header", vertAlign: "middle" },
        height: "100%",
        layout: "fitData",
        rowHeight: ROW_HEIGHT,
        renderVerticalBuffer: ROWS_BESIDE * ROW_HEIGHT,
        rowFormatter: (row) => this.#nameRow(row),
        placeholder: word("grid.nothing_found"),
      });
      this.tabulator.on("columnResized", (column) => this.#resized(column));
      this.tabulator.on("tableBuilt", () => {
        this.#finish();
        resolve();
      });
    });
    return started;
  }

  #group(part) {
    return {
      title: part.title,
      field: `part-${part.key}`,
      cssClass: `part of-${part.owner}`,
      frozen: part.key === "code" || (part.key === "brief" && innerWidth >= WIDE_ENOUGH_TO_FREEZE),
      titleFormatter: () => this.#groupTitle(part),
      columns: part.columns.map((key) => this.#column(key, part)),
    };
  }

  #column(key, part) {
    const column = this.store.columns.get(key) ?? { key, header: word(`grid.${key}`), hint: "" };
    return {
      title: column.header,
      field: key,
      width: this.widths.get(key) ?? widthOf(column),
      minWidth: 48,
      maxWidth: WIDEST,
      visible: !this.folded.has(part.key),
      cssClass: `of-${column.group ?? "system"}`,
      titleFormatter: () => columnTitle(column),
      formatter: (cell) => this.#paintNew(cell),
    };
  }

  #groupTitle(part) {
    const title = document.createElement("span");
    title.className = "part-title";
    title.textContent = part.title;
    if (part.key === "code") title.append(sortEnd(() => this.onUnsort()));
    if (!part.folds) return title;
    const fold = document.createElement("button");
    fold.type = "button";
    fold.className = "fold";
    fold.tabIndex = -1; // the same by keyboard in the menu of columns
    fold.textContent = "‹";
    fold.title = word("grid.fold", { part: part.title });
    fold.setAttribute("aria-label", fold.title);
    fold.addEventListener("click", () => this.onFold(part.key));
    title.append(fold);
    return title;
  }

  #paintNew(cell) {
    const element = cell.getElement();
    const { id } = cell.getRow().getData();
    this.#paint(element, id, cell.getField());
    const content = document.createDocumentFragment();
    content.append(...element.childNodes);
    return content;
  }

  #nameRow(row) {
    const element = row.getElement();
    const { id } = row.getData();
    element.dataset.id = id;
    element.dataset.code = this.store.row(id)?.code ?? "";
    element.classList.toggle("is-locked", this.store.isLocked(id));
  }

  #paint(element, id, key) {
    paintCell(element, this.store, id, key, { isConflict: this.conflicts.has(`${id} ${key}`) });
  }

  #finish() {
    const grid = this.element;
    this.holder = grid.querySelector(".tabulator-tableholder");
    this.body = grid.querySelector(".tabulator-table");
    this.holder.tabIndex = 0;
    this.holder.setAttribute("aria-label", word("grid.label"));
    this.holder.setAttribute("aria-describedby", "grid-help");
    this.holder.setAttribute("aria-multiselectable", "true");
    giveRoles(grid, this.holder);
    new MutationObserver((records) => this.#drawn(records)).observe(this.body, { childList: true });
    this.selection.listen(() => this.mark());
    this.#count();
    for (const row of this.body.children) this.#numberRow(row);
  }

  // Rows that come into sight were drawn when they were last seen.
  #drawn(records) {
    for (const { addedNodes } of records) {
      for (const row of addedNodes) {
        if (row.dataset?.id === undefined) continue;
        if (this.stale.delete(row.dataset.id)) this.#repaintRow(row, null);
        this.#numberRow(row);
      }
    }
    this.mark();
  }

  #numberRow(row) {
    const place = this.view.rowOf(row.dataset.id);
    // Two rows of headers come first.
    if (place >= 0) row.setAttribute("aria-rowindex", String(place + 3));
  }

  #repaintRow(row, keys) {
    for (const cell of row.children) {
      const key = cell.getAttribute("tabulator-field");
      if (key && (!keys || keys.has(key))) this.#paint(cell, row.dataset.id, key);
    }
    row.dataset.code = this.store.row(row.dataset.id)?.code ?? "";
    row.classList.toggle("is-locked", this.store.isLocked(row.dataset.id));
  }

  /** Show what the store holds now for these rows: id -> set of columns, or null for all. */
  refresh(changed, { flash = null } = {}) {
    const inSight = new Map([...this.body.children].map((row) => [row.dataset.id, row]));
    for (const [id] of changed) {
      const row = inSight.get(id);
      // What one text says about another column is known only now: the whole row.
      if (row) this.#repaintRow(row, null);
      else this.stale.add(id);
    }
    for (const [id, keys] of flash ?? []) {
      for (const key of keys) this.#flash(this.cellElement(id, key));
    }
    this.mark();
  }

  #flash(element) {
    if (!element) return;
    element.classList.remove("is-fresh");
    void element.offsetWidth; // starts the animation anew
    element.classList.add("is-fresh");
    setTimeout(() => element.classList.remove("is-fresh"), FLASH);
  }

  /** Rows were added or taken away: draw what is to be seen. */
  async changeRows(added, removed) {
    const came = added.filter((id) => !this.drawnIds.has(id));
    const went = removed.filter((id) => this.drawnIds.has(id));
    if (came.length || went.length) await this.#give(came, went);
  }

  async #give(added, removed) {
    this.drawnIds = new Set(this.store.ids);
    this.#count();
    const areLast = added.every((id, place) => id === this.store.ids.at(place - added.length));
    if (removed.length + added.length > FEW_ROWS || !areLast) {
      // One by one each would be laid out anew; and what comes back stands where it stood.
      const { scrollTop, scrollLeft } = this.holder;
      await this.tabulator.setData(this.store.ids.map((id) => ({ id })));
      Object.assign(this.holder, { scrollTop, scrollLeft });
    } else {
      if (removed.length) await this.tabulator.deleteRow(removed);
      if (added.length) await this.tabulator.addData(added.map((id) => ({ id })));
    }
    this.refilter();
  }

  /** Show the rows that are wanted now. */
  refilter() {
    const before = this.selection.bounds();
    this.#count();
    const isFiltered = this.view.ids.length < this.store.ids.length;
    if (isFiltered) this.tabulator.setFilter(({ id }) => this.view.placeOfId.has(id));
    else if (this.isFiltered) this.tabulator.clearFilter();
    this.isFiltered = isFiltered;
    this.selection.settle(before);
    this.mark();
  }

  /** Show the rows sorted by a column, or (direction null) as the sheet has them. */
  sortBy(key, direction) {
    this.order.set(key, direction);
    markSorted(this.element, this.order);
    this.#count();
    this.tabulator.reorder();
    const { active } = this.selection;
    if (!active) return;
    // A block would have other rows in it now.
    this.selection.select(active.id, active.key);
    this.scrollTo(active.id, active.key);
  }

  /** Make a column as wide as what it shows, as a double click on its edge does. */
  fitColumn(key) {
    this.tabulator.getColumn(key).setWidth(true);
    this.#resized(this.tabulator.getColumn(key));
  }

  #resized(column) {
    keepWidth(column.getField(), column.getWidth());
    // While a column is measured its header runs ahead of the rows.
    requestAnimationFrame(() => {
      this.element.querySelector(".tabulator-header-contents").scrollLeft = this.holder.scrollLeft;
    });
  }

  /** Fold or unfold a part. */
  fold(key, isFolded) {
    const part = this.parts.find((one) => one.key === key);
    if (isFolded) this.folded.add(key);
    else this.folded.delete(key);
    const before = this.selection.bounds();
    this.tabulator.blockRedraw();
    for (const field of part.columns) {
      if (isFolded) this.tabulator.hideColumn(field);
      else this.tabulator.showColumn(field);
    }
    this.tabulator.restoreRedraw();
    this.#count();
    this.selection.settle(before);
    this.mark();
  }

  #count() {
    const shown = this.parts.filter((part) => !this.folded.has(part.key));
    this.view.showColumns(shown.flatMap((part) => part.columns));
    this.view.showRows(this.order.arrange(this.store.ids).filter((id) => this.accepts(id)));
    this.holder.setAttribute("aria-rowcount", String(this.view.ids.length + 2));
    this.holder.setAttribute("aria-colcount", String(this.view.keys.length));
  }

  /** The keyboard goes to the grid. */
  focus() {
    if (!this.hasFocus) this.holder.focus({ preventScroll: true });
  }

  get hasFocus() {
    return document.activeElement === this.holder;
  }

  rowElement(id) {
    return this.body.querySelector(`:scope > [data-id="${CSS.escape(id)}"]`);
  }

  cellElement(id, key) {
    return this.rowElement(id)?.querySelector(`[tabulator-field="${CSS.escape(key)}"]`) ?? null;
  }

  isInSight(element) {
    const frame = this.holder.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    const isBeside = box.right < frame.left || box.left > frame.right;
    return !isBeside && box.bottom > frame.top && box.top < frame.bottom;
  }

  /** The cell that an event hit: { id, key, element } or null. */
  cellOf(target) {
    const element = target.closest?.(".tabulator-cell");
    const id = element?.parentElement?.dataset.id;
    const key = element?.getAttribute("tabulator-field");
    return id && key ? { id, key, element } : null;
  }

  /** Bring a cell into sight, below the header and beside the frozen columns. */
  scrollTo(id, key) {
    const { holder } = this;
    const top = this.view.rowOf(id) * ROW_HEIGHT;
    const room = holder.clientHeight;
    if (top < holder.scrollTop) holder.scrollTop = top;
    else if (top + ROW_HEIGHT > holder.scrollTop + room) holder.scrollTop = top + ROW_HEIGHT - room;
    // Any cell of the column: the header follows a scroll only a moment later.
    const column = this.body.querySelector(`[tabulator-field="${CSS.escape(key)}"]`);
    if (!column || column.classList.contains("tabulator-frozen")) return;
    const frame = holder.getBoundingClientRect();
    const frozen = [...this.element.querySelectorAll(".tabulator-col-group.tabulator-frozen")];
    const left = frame.left + frozen.reduce((width, group) => width + group.offsetWidth, 0);
    const right = frame.left + holder.clientWidth;
    const box = column.getBoundingClientRect();
    if (box.left < left) holder.scrollLeft -= left - box.left;
    else if (box.right > right) holder.scrollLeft += Math.min(box.right - right, box.left - left);
  }

  /** Show which cells are chosen, on the rows in sight. */
  mark() {
    if (!this.body) return;
    const bounds = this.selection.bounds();
    const wanted = new Map();
    if (bounds) {
      for (const row of this.body.children) {
        const place = this.view.rowOf(row.dataset.id);
        if (place >= bounds.top && place <= bounds.bottom) this.#markRow(row, place, bounds, wanted);
      }
    }
    for (const element of this.marked) {
      if (!wanted.has(element)) unmark(element);
    }
    for (const [element, edges] of wanted) {
      element.classList.add("is-chosen");
      element.setAttribute("aria-selected", "true");
      for (const edge of EDGES) element.classList.toggle(`edge-${edge}`, edges.has(edge));
    }
    this.marked = new Set(wanted.keys());
    this.#markActive();
  }

  #markRow(row, place, bounds, wanted) {
    for (const cell of row.children) {
      const column = this.view.columnOf(cell.getAttribute("tabulator-field"));
      if (column < bounds.left || column > bounds.right) continue;
      const edges = new Set();
      if (place === bounds.top) edges.add("top");
      if (place === bounds.bottom) edges.add("bottom");
      if (column === bounds.left) edges.add("left");
      if (column === bounds.right) edges.add("right");
      wanted.set(cell, edges);
    }
  }

  #markActive() {
    const { active } = this.selection;
    const element = active && this.cellElement(active.id, active.key);
    if (this.activeElement && this.activeElement !== element) {
      this.activeElement.classList.remove("is-active");
      this.activeElement.removeAttribute("id");
    }
    this.activeElement = element;
    if (!element) {
      this.holder.removeAttribute("aria-activedescendant");
      return;
    }
    element.classList.add("is-active");
    element.id = `cell-${this.view.rowOf(active.id)}-${active.key}`;
    this.holder.setAttribute("aria-activedescendant", element.id);
  }
}

function unmark(element) {
  element.classList.remove("is-chosen", ...EDGES.map((edge) => `edge-${edge}`));
  element.removeAttribute("aria-selected");
}
