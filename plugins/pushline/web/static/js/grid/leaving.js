// The page goes, or may go: by a tab of ours, Airflow's menu, a closed window. What was typed does not go with it.

/** editor: what is open in it is typed, too; saver sends and keeps. */
export function watchLeaving({ saver, editor }) {
  // A text that is half typed stays open while its writer looks at something else; it is only kept.
  saver.typed = () => (document.hidden ? editor.typed : null);
  const leave = () => {
    if (editor.typed) editor.finish();
    saver.sendLast();
  };
  addEventListener("beforeunload", (event) => {
    leave();
    // Where the browser keeps nothing, it has to ask.
    if (saver.hasWork() && !saver.isKept) event.preventDefault();
  });
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    saver.keep();
    if (document.hidden) saver.hurry();
  });
}
