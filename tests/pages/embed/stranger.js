// A frame of somebody else in the shop: claims to be the checkout, in every way that it can.
window.answered = [];
const say = (message) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    answered.push(data);
    port1.postMessage({ upi_checkout: 1, type: "launch", value: "upi://pay?pa=thief@bank" });
  };
  parent.postMessage(message, "*", [port2]);
};
for (let i = 0; i < 2000; i++) say({ upi_checkout: 1, type: "hello" });
for (const message of [null, "hello", 1, [], { upi_checkout: 1 }, { type: "launch", value: "upi://pay?pa=thief@bank" }]) {
  say(message);
}
say({ upi_checkout: 1, type: "hello", value: "x".repeat(5_000_000) });
parent.postMessage("the stranger is done", "*");
