/**
 * Fetches a wasm module that sits beside this file.
 * @module
 */

/**
 * @param {"slim" | "public" | "validator"} name of the folder under wasm/
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileBeside(name) {
  const url = new URL(`./wasm/${name}/${name}_bg.wasm`, import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}: serve the folder wasm/ too`);
  // Some servers do not know the type `application/wasm`, which streaming insists on.
  return WebAssembly.compile(await response.arrayBuffer());
}
