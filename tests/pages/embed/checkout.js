// A checkout that says whatever a story wants. It speaks as docs/embed.md has it.
window.heard = [];
const shop = document.documentElement.dataset.shop;
const silent = location.pathname.endsWith("silent");

window.hello = () => {
  const { port1, port2 } = new MessageChannel();
  window.port = port1;
  port1.onmessage = ({ data }) => heard.push(data);
  parent.postMessage({ upi_checkout: 1, type: "hello" }, shop, [port2]);
};
// For what makes the browser ask a question: no script of a story may wait for that.
addEventListener("message", ({ data }) => data.say && say(data.say));
window.say = (type, value = "") => port.postMessage({ upi_checkout: 1, type, value });
if (parent !== window && !silent) hello();

// Esc does not leave a frame.
addEventListener("keydown", ({ key }) => key === "Escape" && say("close"));
document.querySelector("#open").addEventListener("click", () => say("launch", "upi://pay?pa=shop@bank&am=1"));
