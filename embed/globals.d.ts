// What the loader keeps on the page for its other copies.
declare var upiCheckouts: Map<string, import("./upi-checkout.js").Checkout> | undefined;
