// While one types: asks the checks about the row as it would be, and tells the preview.

const PAUSE = 300;

export class Typing {
  constructor(api, store) {
    this.api = api;
    this.store = store;
    this.timer = null;
    this.question = null;
  }

  /** Something was typed; judge(problems) hears what the checks say about this cell. */
  heard({ id, key, value }, judge) {
    const row = this.store.row(id);
    const detail = { code: row.code, column: key, value };
    document.dispatchEvent(new CustomEvent("cell-typing", { detail }));
    this.stop();
    if (!row.code || !this.store.columns.has(key)) return;
    this.timer = setTimeout(() => void this.#ask({ id, key, value }, judge), PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.question?.abort();
  }

  async #ask({ id, key, value }, judge) {
    this.question = new AbortController();
    const cells = { ...this.store.cellsOf(id), [key]: value };
    try {
      const body = { code: this.store.row(id).code, cells };
      const { problems } = await this.api.post("api/check", body, { signal: this.question.signal });
      judge(problems.filter((problem) => problem.column === key));
    } catch {
      // The check after saving says the same; typing goes on undisturbed.
    }
  }
}
