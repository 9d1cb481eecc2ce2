// Starts the page. It is a file and not an inline script, so that the page's Content-Security-Policy
// needs no 'unsafe-inline'. The names of the two files carry hashes; the links that preload them
// (written by Trunk, see Trunk.toml) say what they are, so nothing is fetched twice.
const glue = document.querySelector("link[rel=modulepreload]").href;
const wasm = document.querySelector("link[rel=preload][as=fetch]").href;

// A page that looks alive and is not would be the worst of all: say so, and offer the way on.
function stopped() {
  document.getElementById("checkout").hidden = true;
  document.getElementById("trouble").hidden = false;
}

// Rust that panics ends in such an error, wherever it was called from.
function onError(event) {
  if ((event.error ?? event.reason) instanceof WebAssembly.RuntimeError) {
    stopped();
  }
}
addEventListener("error", onError);
addEventListener("unhandledrejection", onError);

import(glue)
  .then((page) => page.default({ module_or_path: wasm }))
  .catch((error) => {
    stopped();
    throw error;
  });
