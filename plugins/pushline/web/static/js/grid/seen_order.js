// The order in which rows are seen, told to Tabulator.

import { Module } from "../../vendor/tabulator-tables/tabulator.js";

const AFTER_FILTERS = 20;

/** Lets Tabulator draw rows in our order, without making them anew. */
export class SeenOrder extends Module {
  static moduleName = "seenOrder";

  constructor(table) {
    super(table);
    this.registerTableOption("seenOrder", null);
    this.registerTableFunction("reorder", () => this.refreshData(false));
  }

  initialize() {
    const order = this.options("seenOrder");
    this.registerDataHandler((rows) => order.arrange(rows, (row) => row.data.id), AFTER_FILTERS);
  }
}
