// Before the first paint: the colours of Airflow around us, else of the system.
(() => {
  const root = document.documentElement;
  const follow = () => {
    let dark = matchMedia("(prefers-color-scheme: dark)").matches;
    try {
      const outer = parent.document.documentElement;
      if (parent !== window) dark = outer.classList.contains("dark");
    } catch { /* shown inside a page that is not ours to read */ }
    root.dataset.theme = dark ? "dark" : "light";
  };
  follow();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
  try {
    if (parent !== window) {
      new MutationObserver(follow).observe(parent.document.documentElement, {
        attributes: true,
        attributeFilter: ["class"],
      });
    }
  } catch { /* same */ }
})();
