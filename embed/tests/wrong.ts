// Uses that must not compile.
import { open } from "../upi-checkout.js";

// @ts-expect-error: an order is needed
open({});
// @ts-expect-error: the amount comes from the order, never from the page
open({ order: "o1", amount: 100 });
// @ts-expect-error: there is no such mode
open({ order: "o1", mode: "popup" });
// @ts-expect-error: there is no such theme
open({ order: "o1", theme: "pink" });
// @ts-expect-error: an id is a text
open({ order: 17 });

const { outcome } = await open({ order: "o1" });
// @ts-expect-error: it never says paid
if (outcome === "paid") console.log(outcome);

open({
  order: "o1",
  onEvent(event) {
    // @ts-expect-error: nor do its events
    if (event.type === "paid") console.log(event);
  },
});
