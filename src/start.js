// Starts the page. It is a file and not an inline script, so that the page's Content-Security-Policy
// needs no 'unsafe-inline'. The names of the two files carry hashes; the links that preload them
// (written by Trunk, see Trunk.toml) say what they are, so nothing is fetched twice.
const glue = document.querySelector("link[rel=modulepreload]").href;
const wasm = document.querySelector("link[rel=preload][as=fetch]").href;

import(glue)
  .then((page) => page.default({ module_or_path: wasm }))
  .catch((error) => {
    // A style rule can show a hint on this; the customer's way on is to reload.
    document.documentElement.dataset.start = "failed";
    throw error;
  });
