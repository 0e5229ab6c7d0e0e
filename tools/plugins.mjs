/**
 * Plugins with packages of their own: installed beside them, and compiled.
 * @module
 */

import { at, npmBin, toolEnv } from "./project.mjs";
import { unlessUpToDate } from "./stamp.mjs";
import { run, step } from "./steps.mjs";

/** What plugins for servers are made of. */
const SERVER = "plugins/server";

/**
 * Installs a plugin's packages, where they are not there yet, and compiles it.
 *
 * @param {string} name of its folder in plugins/
 */
export async function installPlugin(name) {
  const folder = `plugins/${name}`;
  await step(`Plugin: ${name}`, async () => {
    // Its types are part of it as others have it.
    await compile(SERVER);
    const inputs = [`${folder}/package.json`, `${folder}/package-lock.json`, SERVER];
    await unlessUpToDate(`plugin-${name}`, { inputs, outputs: [`${folder}/node_modules`] }, () =>
      // No package of it has to be built, and none is to do anything while it is installed.
      run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: at(folder),
        env: toolEnv(),
        mend: `cd ${folder} && npm ci --ignore-scripts`,
      }),
    );
    await compile(folder);
  });
}

/** @param {string} folder */
async function compile(folder) {
  await run(npmBin("tsc"), ["--project", at(folder, "tsconfig.json")]);
}
