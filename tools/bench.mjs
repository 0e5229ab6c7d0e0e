/**
 * Sets up and builds what is missing, then measures: `npm run bench`.
 * @module
 */

import process from "node:process";

import { buildBaseline, buildNative, buildWasm } from "../benches/programs.mjs";
import { build } from "./build.mjs";
import { npmBin, root } from "./project.mjs";
import { programOnPinnedNode, setUpRust } from "./setup.mjs";
import { run, step } from "./steps.mjs";

await programOnPinnedNode(import.meta, async () => {
  const toolchain = await setUpRust();
  await build(toolchain);
  await step("Building: benchmarks", async () => {
    await buildNative();
    await buildWasm(toolchain);
    await buildBaseline(toolchain);
  });
  await run(npmBin("node"), ["benches/run.mjs", ...process.argv.slice(2)], { cwd: root });
});
