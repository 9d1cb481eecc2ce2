// The first thing that runs: `cargo xtask build` puts it into the head of the page, where the page's
// Content-Security-Policy knows it by its hash, and fills in MODULE and INTEGRITY. It fetches the
// WebAssembly module, which must be the one that was built, to the byte; asks for the order
// meanwhile; and tells the customer when the page cannot start or has broken: a page that looks
// alive and is not would be the worst of all. src/main.js takes what it has fetched.
const find = (id) => document.getElementById(id);

// The whole HTML is there, nothing else need be. The words for the worst case stand in it, and come
// up by themselves (style/states.css) where not even this script has run.
const trouble = new Promise((parsed) => {
  document.onreadystatechange = parsed;
}).then(() => {
  const words = find("trouble");
  words.remove();
  words.className = "screen";
  return words;
});

const stop = () => {
  // What has not started does not start any more.
  globalThis.starter = null;
  // Firefox stops a script wherever it stands when its customer goes back, and may keep the page for
  // the way forward: whoever comes back to a page that has stopped gets a fresh one.
  onpageshow = ({ persisted }) => persisted && location.reload();
  trouble.then((words) => document.body.replaceChildren(words));
};

// What was changed on its way may lie in the browser's cache by now, for a year.
const fetchAnew = (url, integrity) => fetch(url, { cache: "reload", integrity });

// A script or style sheet that did not come or was changed, or Rust that panics.
const onError = ({ target, error, reason }) => {
  if (target.integrity) {
    fetchAnew(target.src ?? target.href);
    stop();
  }
  if ((error ?? reason) instanceof WebAssembly.RuntimeError) {
    stop();
  }
};
addEventListener("error", onError, true);
addEventListener("unhandledrejection", onError);

const module = fetch(MODULE, { integrity: INTEGRITY })
  .catch(() => fetchAnew(MODULE, INTEGRITY))
  .then((answer) => answer.arrayBuffer())
  .then((bytes) => WebAssembly.compile(bytes));

// The first call, before the page can make it: the answer goes where a gateway would have put it.
// Core has the rules (address.rs, config.rs, wire); whatever is unusual is left to the page.
const TEXT_MAX = 256 * 1024;
const controller = new AbortController();
const order = trouble
  .then(() => {
    const [, id] = /(?:\/pay\/|[?&]id=)([\w.~-]+)/.exec(location);
    if (find("order-info") || document.hidden) {
      return;
    }
    const { apiBase = "/api", paths } = JSON.parse(find("checkout-config")?.textContent ?? "{}");
    const path = paths?.info ?? "/order/info";
    return fetch(path.includes("://") ? path : apiBase.replace(/\/*$/, "/") + path.replace(/^\/*/, ""), {
      method: "POST",
      headers: { "content-type": "application/json" },
      credentials: "omit",
      body: JSON.stringify({ id, href: location.href, referrer: document.referrer }),
      signal: controller.signal,
    })
      .then((answer) => answer.ok && answer.text())
      .then((text) => {
        if (text.length > TEXT_MAX) {
          return;
        }
        const place = document.createElement("template");
        place.id = "order-info";
        place.textContent = text;
        document.head.append(place);
      });
  })
  // The page asks again, and knows what to say.
  .catch(() => {});

globalThis.starter = { controller, module, order, stop };
