// The line that says in plain words whether everything is saved.

import { showState } from "../shell.js";
import { word } from "../words.js";
import { showTime } from "./questions.js";

export class State {
  constructor(zone) {
    this.zone = zone;
    this.isLost = false;
  }

  /** { kind, count, sentence }: what the saver says. */
  tell({ kind, count, sentence }) {
    const words = {
      saved: () => [word("grid.saved", { at: showTime(new Date(), this.zone) }), ""],
      saving: () => [word("grid.saving", { count }), "busy"],
      offline: () => [word("grid.offline", { count }), "bad"],
      failed: () => [word("grid.server_failed", { count }), "bad"],
      held: () => [word("grid.held", { count }), "bad"],
      signed_out: () => [word("grid.signed_out", { count }), "bad"],
      refused: () => [word("grid.not_taken", { count, sentence }), "bad"],
    };
    this.last = words[kind]();
    this.isTrouble = kind !== "saved" && kind !== "saving";
    this.#show();
  }

  /** No answer to the question what is new, or none that helps (isAnswered), or again one. */
  lose(isLost, isAnswered = false) {
    this.isLost = isLost;
    this.isAnswered = isAnswered;
    this.#show();
  }

  #show() {
    if (this.isLost && !this.isTrouble) {
      showState(word(this.isAnswered ? "grid.news_failed" : "grid.no_news"), "bad");
    } else if (this.last) showState(...this.last);
    else showState("");
  }
}
