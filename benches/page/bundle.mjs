/**
 * A script as a shop's own build makes it.
 * @module
 */

import { buildSync } from "esbuild";

/**
 * Bundled, minified and split; nothing is written.
 *
 * @param {string} entry file
 * @param {import("esbuild").BuildOptions} [more]
 * @returns {{ path: string, contents: Uint8Array }[]}
 */
export function bundleAsShopsDo(entry, more = {}) {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    outdir: "out",
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    ...more,
    write: false,
  });
  return outputFiles;
}
