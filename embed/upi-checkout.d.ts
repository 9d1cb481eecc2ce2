/** How the checkout is shown. `auto`: by redirect where frames fail, else inline in the container, else as a modal. */
export type Mode = "auto" | "modal" | "inline" | "redirect";

/**
 * How the checkout ended. It never says "paid": ask your own server, which asks the gateway.
 *
 * - `concluded`: there is nothing more to do here; the order is paid, has failed or has expired.
 * - `cancelled`: the customer, or your own code, closed it while the payment was open.
 * - `unavailable`: the checkout did not load, or does not know the order.
 */
export type Outcome = "concluded" | "cancelled" | "unavailable";

/** What the promise of {@link open} brings. */
export interface Result {
  readonly order: string;
  readonly outcome: Outcome;
}

/** The screens that the checkout shows today; later versions may have more. */
export type Screen = "loading" | "pay" | "paid" | "expired" | "failed" | "unavailable" | (string & {});

/** What happens meanwhile. */
export type CheckoutEvent =
  /** The checkout has loaded and answers; once more after each reload of its frame. */
  | { readonly type: "ready"; readonly value?: undefined }
  /** How high its content is now, in CSS pixels. */
  | { readonly type: "resize"; readonly value: string }
  /** The screen that it shows now. */
  | { readonly type: "state"; readonly value: Screen }
  /** An address was opened: a UPI app, a page to continue on, or the order's `successUrl`. */
  | { readonly type: "launch"; readonly value: string }
  /** Your page's policy is in the way; the value is the directive to mend, such as `frame-src`. */
  | { readonly type: "blocked"; readonly value: string }
  /** The customer is asked this before an open payment is closed; empty: nobody is asked any more. */
  | { readonly type: "ask"; readonly value: string }
  /** It is over. */
  | { readonly type: "close"; readonly value: Outcome };

/** What to open, and how. */
export interface Options {
  /** The order's id. */
  order: string;
  /** The checkout's origin. Default: where this script came from. Name it where a bundler moved the script. */
  base?: string;
  /** Default: `auto`. */
  mode?: Mode;
  /** Where an inline checkout goes: an element, or a selector of one. */
  container?: Element | string;
  /** A language tag. Default: the customer's. */
  lang?: string;
  /** Default: `auto`, as the customer's device is set. */
  theme?: "light" | "dark" | "auto";
  /** Closes the checkout without asking. */
  signal?: AbortSignal;
  /** Is told what happens meanwhile. */
  onEvent?(event: CheckoutEvent): void;
}

/** An open checkout. */
export type Checkout = Promise<Result> & {
  /** Closes it without asking; the outcome stays what it was. Twice does no harm. */
  close(): void;
};

/**
 * Opens the checkout of an order. While it is open, the same order gives the same checkout.
 *
 * By redirect the page is left, so the promise is settled only if the customer comes back to it.
 */
export function open(options: Options): Checkout;

declare global {
  interface Window {
    /** Set by the classic script. */
    UpiCheckout: { open: typeof open };
  }
  interface HTMLElementTagNameMap {
    /**
     * `<upi-checkout order="…">`: an inline checkout. Its attributes are the options of the same names.
     * It dispatches `upi-checkout` events whose `detail` is a {@link CheckoutEvent}.
     */
    "upi-checkout": HTMLElement & { close(): void };
  }
  interface HTMLElementEventMap {
    "upi-checkout": CustomEvent<CheckoutEvent>;
  }
}
