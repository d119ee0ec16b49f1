// The rows that wait for this person's approval, as long as their time is ahead.

/** Of these rows, those that the person may approve; the server knows who wrote which. */
export function listWaiting(store, ids) {
  const now = Date.now();
  return ids.filter((id) => {
    const until = store.row(id)?.waits_for_me;
    return until && Date.parse(until) > now;
  });
}

/** The next one after a row, round and round; undefined when none waits. */
export function findNextWaiting(store, ids, active) {
  const start = ids.indexOf(active) + 1;
  return listWaiting(store, [...ids.slice(start), ...ids.slice(0, start)])[0];
}
