// The grid by keyboard, as in any spreadsheet.

const PAGE = 15;

export class Keys {
  /** acts: { edit({ initial, typed }), clear, fillDown, fillRight, undo, redo, fix, showMenu, sort(direction) } */
  constructor(grid, { view, selection, table, textAt, acts }) {
    Object.assign(this, { view, selection, table, textAt, acts });
    this.mayLeave = false;
    grid.addEventListener("keydown", (event) => this.#key(event, grid));
    grid.addEventListener("focus", () => this.#arrive());
  }

  #arrive() {
    this.mayLeave = false;
    if (!this.selection.active && this.view.ids.length) {
      this.selection.select(this.view.ids[0], this.view.keys[0]);
    }
  }

  #key(event, grid) {
    if (event.target !== grid || event.isComposing) return;
    const act = this.#find(event);
    if (event.key !== "Escape" && event.key !== "Tab" && event.key !== "Shift") this.mayLeave = false;
    if (!act) return;
    if (act !== "type") event.preventDefault();
    if (typeof act === "function") act();
  }

  #find(event) {
    const command = event.ctrlKey || event.metaKey;
    const found = command ? this.#command(event) : this.#plain(event);
    if (found) return found;
    const isLetter = event.key.length === 1 || event.key === "Process" || event.key === "Dead";
    if (isLetter && !command && !event.altKey) {
      // The key itself goes on into the editor: so input methods work, too.
      this.acts.edit({ initial: "", typed: true });
      return "type";
    }
    return null;
  }

  #plain({ key, shiftKey: extend, altKey }) {
    const { selection } = this;
    if (key === "ContextMenu" || (key === "F10" && extend)) return () => this.acts.showMenu();
    if (altKey && key === "ArrowUp") return () => this.acts.sort("ascending");
    if (altKey && key === "ArrowDown") return () => this.acts.sort("descending");
    if (altKey) return null;
    const steps = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-PAGE, 0],
      PageDown: [PAGE, 0],
    };
    if (steps[key]) return () => this.#go(...steps[key], extend);
    if (key === "Tab") return this.#tab(extend);
    if (key === "Home") return () => this.#go(0, -Infinity, extend);
    if (key === "End") return () => this.#go(0, Infinity, extend);
    if (key === "Enter" && extend) return () => this.#go(-1, 0);
    if (key === "Enter" || key === "F2") return () => this.acts.edit({});
    if (key === "Delete" || key === "Backspace") return () => this.acts.clear();
    if (key === "Escape") {
      return () => {
        this.mayLeave = true;
        selection.select(selection.active.id, selection.active.key);
      };
    }
    if (key === " " && extend) return () => this.#wholeRows();
    return null;
  }

  #command({ key, code, shiftKey: shift }) {
    const arrows = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    if (arrows[key]) return () => this.#jump(...arrows[key], shift);
    if (key === "Home") return () => this.#go(-Infinity, -Infinity, shift);
    if (key === "End") return () => this.#go(Infinity, Infinity, shift);
    if (key === " ") return () => this.#wholeColumns();
    if (key === ".") return () => this.acts.fix();
    // By place on the keyboard: with a Russian layout these keys carry other letters.
    const acts = {
      KeyA: () => this.selection.selectBlock(0, 0, this.view.ids.length - 1, this.view.keys.length - 1),
      KeyD: () => this.acts.fillDown(),
      KeyR: () => this.acts.fillRight(),
      KeyY: () => this.acts.redo(),
      KeyZ: shift ? () => this.acts.redo() : () => this.acts.undo(),
    };
    return acts[code] ?? null;
  }

  // Tab goes on to the next cell; after Escape, and at the last cell, it leaves the table.
  #tab(back) {
    if (this.mayLeave) return null;
    const place = this.#place();
    const isAtEnd = back
      ? place.row === 0 && place.column === 0
      : place.row === this.view.ids.length - 1 && place.column === this.view.keys.length - 1;
    if (isAtEnd) return null;
    return () => {
      const edge = back ? place.column === 0 : place.column === this.view.keys.length - 1;
      if (edge) this.#go(back ? -1 : 1, back ? Infinity : -Infinity);
      else this.#go(0, back ? -1 : 1);
    };
  }

  #place() {
    const { id, key } = this.selection.active;
    return { row: this.view.rowOf(id), column: this.view.columnOf(key) };
  }

  #go(down, right, extend = false) {
    const most = (step, count) => Math.max(-count, Math.min(step, count));
    const { ids, keys } = this.view;
    this.selection.move(most(down, ids.length), most(right, keys.length), { extend });
    this.#show();
  }

  /** To the edge of what is filled, as Ctrl with an arrow does everywhere. */
  #jump(down, right, extend) {
    const { ids, keys } = this.view;
    const { id, key } = this.selection.focus ?? this.selection.active;
    let row = this.view.rowOf(id);
    let column = this.view.columnOf(key);
    const isFilled = (r, c) => this.textAt(ids[r], keys[c]) !== "";
    const isInside = (r, c) => r >= 0 && c >= 0 && r < ids.length && c < keys.length;
    const startsInside =
      isFilled(row, column) &&
      isInside(row + down, column + right) &&
      isFilled(row + down, column + right);
    while (isInside(row + down, column + right)) {
      if (startsInside && !isFilled(row + down, column + right)) break;
      row += down;
      column += right;
      if (!startsInside && isFilled(row, column)) break;
    }
    this.selection.select(ids[row], keys[column], { extend });
    this.#show();
  }

  #wholeRows() {
    const { top, bottom } = this.selection.bounds();
    this.selection.selectBlock(top, 0, bottom, this.view.keys.length - 1);
  }

  #wholeColumns() {
    const { left, right } = this.selection.bounds();
    this.selection.selectBlock(0, left, this.view.ids.length - 1, right);
  }

  #show() {
    const { focus } = this.selection;
    if (focus) this.table.scrollTo(focus.id, focus.key);
  }
}
