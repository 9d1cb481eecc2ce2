// The shop's own script: opens what a story asks for, and keeps what it is told.
window.told = [];
window.results = {};
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));

window.opens = (options) => {
  const checkout = UpiCheckout.open({
    ...options,
    onEvent: ({ type, value }) => told.push([options.order, type, value ?? null]),
  });
  checkout.then(({ order, outcome }) => (results[order] = outcome));
  return checkout;
};

// What the story's button does.
window.next = { order: "o1", mode: "modal" };
document.querySelector("#pay").addEventListener("click", () => (window.checkout = opens(next)));

// Trying to be the checkout: whoever answers on these ports has been taken in.
window.answered = [];
window.forge = (target, origin, message) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => answered.push(data);
  target.postMessage(message, origin, [port2]);
};
