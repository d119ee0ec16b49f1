// What the menu does with the brief of a row: its panel, its form, its link, a cell's history.

import { base, get } from "../api.js";
import { History } from "../panel/history.js";
import { linkTo, openDialog, toast } from "../shell.js";
import { word } from "../words.js";
import { writeText } from "./system_clipboard.js";

export class BriefActs {
  /** showBrief() puts the chosen brief into the panel at once. */
  constructor({ store, selection, saver, table, showBrief }) {
    Object.assign(this, { store, selection, saver, table, showBrief });
  }

  get #code() {
    return this.store.row(this.selection.active?.id)?.code ?? null;
  }

  openPanel() {
    this.showBrief();
    const title = document.querySelector("#panel .panel-title");
    if (!title) return;
    title.tabIndex = -1;
    title.focus();
  }

  async openForm() {
    const code = this.#code;
    // What was typed last is in the form.
    if (code && (await this.saver.settle())) location.assign(`${base}briefs/${encodeURIComponent(code)}`);
  }

  async copyLink() {
    const code = this.#code;
    const link = linkTo(`?brief=${encodeURIComponent(code)}`);
    if (await writeText(link)) toast(word("grid.link_copied", { code }), "good");
    else toast(word("grid.link_is", { link }), "warning");
    this.table.focus();
  }

  /** Who wrote what into one cell. */
  async showHistory(id, key) {
    const { code } = this.store.row(id);
    const header = this.store.columns.get(key)?.header ?? word(`grid.${key}`);
    await this.saver.settle();
    const box = document.createElement("div");
    try {
      const { acts } = await get(`api/briefs/${encodeURIComponent(code)}/history`);
      const history = new History(box, this.store.sheet);
      history.acts = acts.filter((act) => act.column === key).reverse();
      history.draw();
    } catch (error) {
      if (error.status === undefined) throw error;
      toast(error.detail, "error");
      return;
    }
    await openDialog({ title: word("grid.history_of", { code, column: header }), body: box });
    this.table.focus();
  }
}
