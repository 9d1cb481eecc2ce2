// Notes each change of screen. A microtask runs before the browser paints, so that no screen is
// missed that a payer could have seen.
(() => {
  const KEY = "end-to-end: screens seen";
  const note = () => {
    try {
      write();
    } catch {
      // A story in which the browser keeps nothing.
    }
  };
  const write = () => {
    const screen = document.querySelector('[data-testid="screen"]')?.dataset.screen;
    if (!screen) return;
    const seen = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    if (seen.at(-1) === screen) return;
    sessionStorage.setItem(KEY, JSON.stringify([...seen, screen]));
  };
  if (window !== top || !location.protocol.startsWith("http")) return;
  new MutationObserver(note).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-screen"],
  });
})();
