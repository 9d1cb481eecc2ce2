// Uses of the typings that must compile.
import { open, type Checkout, type Result } from "../upi-checkout.js";

const whole: Checkout = open({
  order: "o1",
  base: "https://pay.example",
  mode: "inline",
  container: "#checkout",
  lang: "hi",
  theme: "dark",
  signal: new AbortController().signal,
  onEvent(event) {
    if (event.type === "resize") {
      const digits: string = event.value;
      console.log(digits);
    }
    if (event.type === "close" && event.value === "unavailable") console.log("try again later");
  },
});
whole.close();

const { order, outcome }: Result = await open({ order: "o1" });
switch (outcome) {
  case "concluded":
  case "cancelled":
  case "unavailable":
    console.log(order);
    break;
  default: {
    const none: never = outcome;
    console.log(none);
  }
}

open({ order: "o1", container: document.body });
window.UpiCheckout.open({ order: "o1" }).close();

const element = document.createElement("upi-checkout");
element.addEventListener("upi-checkout", ({ detail }) => console.log(detail.type));
element.close();

export {};
