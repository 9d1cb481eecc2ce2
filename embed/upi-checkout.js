// @ts-check
// The merchants' loader: opens the checkout in a page that is not ours, and trusts no message.
//
// docs/embed.md says how it is used and what the channel speaks; upi-checkout.d.ts has the types.
// It is held to a size (size-budget.toml), and it must be readable for the old browsers that it only
// sends elsewhere. Hence `x && x.y`, one name for all events, and an order of lines that
// compresses well.

/** @typedef {import("./upi-checkout.js").Checkout} Checkout */
/** @typedef {import("./upi-checkout.js").Options} Options */
/** @typedef {import("./upi-checkout.js").Outcome} Outcome */

// The open checkouts by order, for every copy of this script.
/** @type {Map<string, Checkout>} */
const opened = (globalThis.upiCheckouts = globalThis.upiCheckouts || new Map());

// Browsers that show no frame, or open no app from one.
const NO_FRAMES = /GSA|; wv|Opera M|iP(?!.*Safari\/)|UCB/;

// What the page may say, as `type value`. The addresses are those of docs/embed.md.
const RULE =
  /^(close |blocked [\w-]{1,40}|ask .{0,200}|state [a-z]{1,32}|resize \d{1,4}|launch (?=[!-[\]-~]{9,4096}$)((https:\/\/[\w.-]+|http:\/\/(localhost|127\.0\.0\.1|\[::1]))(:\d+)?\/|(upi|phonepe|ppe|super|tez|paytmmp|bhim|credpay|navipay|gpay|amazonpay|whatsapp):\/\/(upi\/)?(pay|mandate)\?[^#]+$|intent:\/\/(pay|mandate)\?[^#]+#Intent;scheme=upi;package=[\w.]+;end$).*)$/;

/** @param {Options} options */
export function open({
  order,
  container,
  theme = /** @type {any} */ (""),
  signal,
  lang = "",
  base = import.meta.url,
  mode = "auto",
  onEvent = () => {},
}) {
  if (opened.has(order)) return /** @type {Checkout} */ (opened.get(order));
  const url = new URL(`/pay/${encodeURIComponent(order)}?lang=${lang}&theme=${theme}`, base);
  const button = document.createElement("button");
  const dialog = document.createElement("dialog");
  const frame = document.createElement("iframe");
  const stop = new AbortController();
  /** @type {string | undefined} */
  let question;
  let count = 0;
  let outcome = /** @type {Outcome} */ ("cancelled");
  /** @type {MessagePort | undefined} */
  let port;
  /** @type {(result: import("./upi-checkout.js").Result) => void} */
  let settle;

  /** @type {(type: any, value?: any) => void} */
  const tell = (type, value) => onEvent({ type, value });
  const promise = /** @type {Checkout} */ (new Promise((resolve) => (settle = resolve)));
  const close = (promise.close = () => {
    if (!opened.delete(order)) return;
    stop.abort();
    // Before it is removed: it gives the focus back.
    dialog.close();
    dialog.remove();
    settle({ order, outcome });
    if (port) port.close();
    frame.remove();
    tell("close", outcome);
  });
  // Whoever has a payment open is asked first.
  const leave = (/** @type {Event} */ event) => {
    if (!question || confirm(question)) close();
    else event.preventDefault();
  };
  const redirect = () => {
    // The customer has come back by the browser's cache.
    addEventListener("pageshow", close, stop);
    location.assign(url);
  };
  const fail = () => {
    if (port) return;
    outcome = "unavailable";
    mode == "auto" ? redirect() : close();
  };
  const isOurs = (/** @type {MessageEvent} */ { data }) =>
    data && data.upi_checkout === 1 && ++count < 1e3;
  const receive = (/** @type {MessageEvent} */ event) => {
    if (!isOurs(event)) return;
    const { type, value } = event.data;
    if (typeof value != "string" || !RULE.test(type + " " + value)) return;
    if (value == "unavailable") outcome = value;
    if (type == "launch") location.replace(value);
    if (type == "resize" && shown == "inline") frame.style.height = value + "px";
    if (type == "ask") outcome = (question = value) ? "cancelled" : "concluded";
    if (type == "close") leave(event);
    else tell(type, value);
  };

  const place = typeof container == "string" ? document.querySelector(container) : container;
  const shown =
    mode != "auto"
      ? mode
      : NO_FRAMES.test(navigator.userAgent) || !dialog.close
        ? "redirect"
        : place
          ? "inline"
          : "modal";
  // By the CSSOM: a style attribute would need 'unsafe-inline'.
  frame.style.cssText =
    "all:initial;display:block;width:100%;height:100%;min-height:15rem;max-height:115rem";
  frame.src = url.href;
  frame.allow = "clipboard-write;screen-wake-lock;web-share";
  frame.title = dialog.ariaLabel = "UPI checkout";
  // Before anything is remembered: without a container this is where it ends.
  if (shown == "inline") /** @type {Element} */ (place).append(frame);
  opened.set(order, promise);
  if (signal) signal.addEventListener("abort", close, stop);
  if (signal && signal.aborted) close();
  else if (shown == "redirect") redirect();
  else {
    addEventListener(
      "message",
      (event) => {
        if (event.origin == url.origin && event.source == frame.contentWindow && isOurs(event)) {
          port = event.ports[0];
          port.onmessage = receive;
          port.postMessage({ upi_checkout: 1, type: "welcome", value: shown });
          tell("ready");
        }
      },
      stop,
    );
    addEventListener(
      "securitypolicyviolation",
      (event) => {
        if (event.disposition != "report" && event.blockedURI.startsWith(url.origin)) {
          tell("blocked", event.effectiveDirective);
          fail();
        }
      },
      stop,
    );
    // Slow networks get half a minute.
    setTimeout(fail, 3e4);
    if (shown != "inline") {
      dialog.append(frame, button);
      button.append("x");
      button.onclick = leave;
      document.body.append(dialog);
      button.style.cssText = "position:absolute;inset:0 0 auto auto;padding:1rem";
      // An event that cannot be cancelled closes it whatever the answer is: then nobody is asked.
      dialog.oncancel = (event) => event.cancelable && leave(event);
      dialog.onclose = close;
      button.ariaLabel = "Close";
      dialog.style.cssText =
        "all:initial;position:fixed;inset:0;margin:auto;max-width:30rem;max-height:50rem";
      dialog.showModal();
    }
  }
  return promise;
}

// Fails on a server, where there are no elements, and where another copy was here before.
try {
  customElements.define(
    "upi-checkout",
    class extends HTMLElement {
      connectedCallback() {
        /** @type {any} */
        const options = {
          mode: "inline",
          onEvent: (/** @type {any} */ detail) =>
            this.dispatchEvent(new CustomEvent("upi-checkout", { detail })),
          container: this,
        };
        for (const { name, value } of this.attributes) options[name] = value;
        /** @type {any} */ (this).close = open(options).close;
      }
      disconnectedCallback() {
        /** @type {any} */ (this).close();
      }
    },
  );
} catch (error) {}
