// The grid by mouse: choose a cell, drag a block, whole rows by the code; a header sorts, and with Ctrl or
// Shift chooses its column.

export class Mouse {
  constructor(grid, { table, view, selection, editor, edit, sort }) {
    Object.assign(this, { grid, table, view, selection, editor, edit, sort });
    this.drag = null;
    grid.addEventListener("mousedown", (event) => this.#down(event));
    grid.addEventListener("mouseover", (event) => this.#over(event));
    addEventListener("mouseup", () => {
      this.drag = null;
    });
    grid.addEventListener("dblclick", (event) => {
      if (event.target.closest(".editor")) return;
      const cell = table.cellOf(event.target);
      if (cell) edit({});
    });
  }

  #down(event) {
    if (event.button !== 0 || event.target.closest(".editor, button, .tabulator-col-resize-handle")) {
      return;
    }
    const cell = this.table.cellOf(event.target);
    const header = event.target.closest(".tabulator-col[tabulator-field]");
    if (!cell && !header) return;
    event.preventDefault();
    this.editor.finish();
    this.table.focus();
    if (cell) this.#chooseCell(cell, event.shiftKey);
    else this.#header(header.getAttribute("tabulator-field"), event);
  }

  #header(key, { shiftKey, ctrlKey, metaKey }) {
    if (this.view.columnOf(key) < 0) return; // the name of a group
    if (shiftKey || ctrlKey || metaKey) this.#chooseColumn(key, shiftKey);
    else this.sort(key);
  }

  #chooseCell({ id, key }, extend) {
    const { selection, view } = this;
    if (key === "code") {
      const row = view.rowOf(id);
      const from = extend && selection.anchor ? view.rowOf(selection.anchor.id) : row;
      this.drag = { row: from };
      selection.selectBlock(from, 0, row, view.keys.length - 1);
    } else {
      this.drag = {};
      selection.select(id, key, { extend });
    }
  }

  #chooseColumn(key, extend) {
    const column = this.view.columnOf(key);
    if (column < 0 || !this.view.ids.length) return;
    const { anchor } = this.selection;
    const from = extend && anchor ? this.view.columnOf(anchor.key) : column;
    this.selection.selectBlock(0, from, this.view.ids.length - 1, column);
  }

  #over(event) {
    if (!this.drag) return;
    const cell = this.table.cellOf(event.target);
    if (!cell) return;
    if (this.drag.row === undefined) {
      this.selection.select(cell.id, cell.key, { extend: true });
    } else {
      const row = this.view.rowOf(cell.id);
      this.selection.selectBlock(this.drag.row, 0, row, this.view.keys.length - 1);
    }
  }
}
