// Which rows and columns are seen, in which order: what selection, paste and keys count in.

export class View {
  constructor() {
    this.ids = [];
    this.keys = [];
    this.placeOfId = new Map();
    this.placeOfKey = new Map();
  }

  showRows(ids) {
    this.ids = ids;
    this.placeOfId = new Map(ids.map((id, place) => [id, place]));
  }

  showColumns(keys) {
    this.keys = keys;
    this.placeOfKey = new Map(keys.map((key, place) => [key, place]));
  }

  rowOf(id) {
    return this.placeOfId.get(id) ?? -1;
  }

  columnOf(key) {
    return this.placeOfKey.get(key) ?? -1;
  }
}
