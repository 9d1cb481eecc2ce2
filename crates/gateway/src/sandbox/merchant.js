// A merchant's page: makes an order on its own server, opens it, shows what it hears, and asks its own
// server what has become of it.
const heard = document.getElementById("heard");

function say(words) {
  const item = document.createElement("li");
  item.textContent = words;
  heard.append(item);
}

async function pay(mode) {
  const made = await fetch("/orders", { method: "POST" });
  if (!made.ok) {
    say(await made.text());
    return;
  }
  const { id } = await made.json();
  const { outcome } = await UpiCheckout.open({
    order: id,
    mode,
    container: "#inline",
    onEvent: ({ type, value = "" }) => say(`${type} ${value}`),
  });
  const { status } = await (await fetch(`/orders/${id}`)).json();
  say(`${outcome}; our own server says ${status}`);
}

document.addEventListener("click", ({ target }) => {
  const { mode } = target.dataset;
  if (mode) {
    pay(mode);
  }
});
