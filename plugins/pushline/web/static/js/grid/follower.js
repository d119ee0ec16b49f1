// Sees what others change: asks every few seconds what is new since the last answer.

const PAUSE = 3000;

export class Follower {
  /**
   * onNews(changed): id -> columns that others changed; onNumbers(ids): rows whose numbers grew;
   * onStops(stops): what is stopped now; onLost(isLost): no answer, or again one.
   */
  constructor(store, api, { onNews, onNumbers, onStops, onLost }) {
    Object.assign(this, { store, api, onNews, onNumbers, onStops, onLost });
    this.timer = null;
    this.isAsking = false;
    this.isLost = false;
    addEventListener("focus", () => this.ask());
    document.addEventListener("visibilitychange", () => this.ask());
  }

  start() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** Ask now, and every few seconds from then on; not while nobody looks. */
  async ask() {
    if (this.isAsking || document.hidden) return;
    this.isAsking = true;
    clearTimeout(this.timer);
    try {
      const answer = await this.api.get(`api/changes?since=${this.store.revision}&seen=${this.store.numbers.mark}`);
      this.store.revision = answer.revision;
      const changed = this.store.take(answer.rows);
      if (answer.rows.length) this.onNews(changed);
      this.onStops(answer.stops);
      if (answer.numbers) this.onNumbers(this.store.takeNumbers(answer.numbers));
      this.#lose(false);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#lose(true, Boolean(error.status));
    } finally {
      this.isAsking = false;
      this.start();
    }
  }

  #lose(isLost, isAnswered = false) {
    if (isLost !== this.isLost) this.onLost(isLost, isAnswered);
    this.isLost = isLost;
  }
}
