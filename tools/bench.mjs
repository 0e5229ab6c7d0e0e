/**
 * Sets up and builds what is missing, then measures: `npm run bench`.
 * @module
 */

import process from "node:process";

import { build } from "./build.mjs";
import { npmBin, root } from "./project.mjs";
import { programOnPinnedNode, setUpRust } from "./setup.mjs";
import { run } from "./steps.mjs";

await programOnPinnedNode(import.meta, async () => {
  await build(await setUpRust());
  await run(npmBin("node"), ["benches/run.mjs", ...process.argv.slice(2)], { cwd: root });
});
