// Starts the page: the one script beside the starter (src/starter.js), bundled with what
// wasm-bindgen writes for the module, of which it takes the inner parts: the rest would fetch the
// module in ways that the starter makes needless.
import { __wbg_finalize_init as run, __wbg_get_imports as imports } from "page";

const { module, order, stop } = starter;

// An order that is slower than the module does not keep the page from starting: it asks itself.
const PATIENCE_MS = 1000;
const patience = module.then(() => new Promise((done) => setTimeout(done, PATIENCE_MS)));

Promise.race([order, patience])
  .then(() => module)
  .then((module) => WebAssembly.instantiate(module, imports()))
  .then((instance) => {
    // The starter takes itself away where the page must not start.
    starter.controller.abort();
    run(instance);
  })
  .catch((error) => {
    stop();
    throw error;
  });
