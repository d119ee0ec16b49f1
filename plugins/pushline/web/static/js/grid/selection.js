// The block of cells that is chosen: from an anchor to a focus, both { id, key }.

export class Selection {
  constructor(view) {
    this.view = view;
    this.anchor = null;
    this.focus = null;
    this.listeners = [];
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  /** The cell that keys and typing go to. */
  get active() {
    return this.anchor;
  }

  select(id, key, { extend = false } = {}) {
    this.focus = { id, key };
    if (!extend || !this.anchor) this.anchor = this.focus;
    this.#announce();
  }

  selectBlock(top, left, bottom, right) {
    const { ids, keys } = this.view;
    this.anchor = { id: ids[top], key: keys[left] };
    this.focus = { id: ids[bottom], key: keys[right] };
    this.#announce();
  }

  /** Move by so many rows and columns; returns false at the edge. */
  move(down, right, { extend = false } = {}) {
    const from = extend ? this.focus : this.anchor;
    if (!from) return false;
    const row = clamp(this.view.rowOf(from.id) + down, this.view.ids.length);
    const column = clamp(this.view.columnOf(from.key) + right, this.view.keys.length);
    const id = this.view.ids[row];
    const key = this.view.keys[column];
    if (id === undefined || key === undefined) return false;
    const moved = id !== from.id || key !== from.key;
    this.select(id, key, { extend });
    return moved;
  }

  /** { top, left, bottom, right }, all inclusive, or null when nothing of it is seen. */
  bounds() {
    if (!this.anchor) return null;
    const rows = [this.view.rowOf(this.anchor.id), this.view.rowOf(this.focus.id)];
    const columns = [this.view.columnOf(this.anchor.key), this.view.columnOf(this.focus.key)];
    if (rows.includes(-1) || columns.includes(-1)) return null;
    return {
      top: Math.min(...rows),
      bottom: Math.max(...rows),
      left: Math.min(...columns),
      right: Math.max(...columns),
    };
  }

  /** The chosen cells, row by row: [[{ id, key }]]. */
  cells() {
    const bounds = this.bounds();
    if (!bounds) return [];
    const keys = this.view.keys.slice(bounds.left, bounds.right + 1);
    const ids = this.view.ids.slice(bounds.top, bounds.bottom + 1);
    return ids.map((id) => keys.map((key) => ({ id, key })));
  }

  isOne() {
    return this.anchor?.id === this.focus?.id && this.anchor?.key === this.focus?.key;
  }

  /** After rows or columns went away: stay where we were, as near as possible. */
  settle(lastBounds) {
    if (!this.anchor || this.bounds()) return;
    const row = clamp(lastBounds?.top ?? 0, this.view.ids.length);
    const column = clamp(lastBounds?.left ?? 0, this.view.keys.length);
    if (this.view.ids[row] === undefined) this.anchor = this.focus = null;
    else this.anchor = this.focus = { id: this.view.ids[row], key: this.view.keys[column] };
    this.#announce();
  }

  #announce() {
    for (const listener of this.listeners) listener();
  }
}

function clamp(place, count) {
  return Math.max(0, Math.min(place, count - 1));
}
