/**
 * Brings a wasm module from wherever it is kept.
 * @module
 */

/**
 * A file of its own. Callers spell `new URL("./file", import.meta.url)` out where they are: that is
 * how bundlers see that the file is needed.
 *
 * @param {URL} url
 * @param {string} [integrity] what it has to be, as Subresource Integrity says it
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileFile(url, integrity) {
  const response = await fetch(url, { integrity });
  if (!response.ok) throw new Error(`${response.status} for ${url}: serve the folder wasm/ too`);
  // Some servers do not know the type `application/wasm`, which streaming insists on.
  return WebAssembly.compile(await response.arrayBuffer());
}

/**
 * A script that holds it.
 *
 * @param {string} inlined deflated, in base64
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileInlined(inlined) {
  const packed = Uint8Array.from(atob(inlined), (character) => character.charCodeAt(0));
  const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return WebAssembly.compile(await new Response(bytes).arrayBuffer());
}
