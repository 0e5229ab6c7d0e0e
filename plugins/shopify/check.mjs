/**
 * What a deploy runs in place of a build: says whether the module is here, and is the function.
 * @module
 */

import { existsSync, readFileSync } from "node:fs";

const module = new URL("promo-function.wasm", import.meta.url);
if (!existsSync(module)) {
  throw new Error("promo-function.wasm is not in this folder: npm run build -- function makes it");
}
const exported = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(module)));
if (!exported.some(({ name }) => name === "_start")) {
  throw new Error("promo-function.wasm is another module: it has no _start");
}
