/**
 * Python programs that tests run, each installed into an environment of this project's own:
 * schemathesis, which asks the API what its description lets be asked, and wasmtime, which counts
 * a module's instructions.
 * @module
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

import * as debian from "./debian.mjs";
import { at, toolsFolder } from "./project.mjs";
import { contentStamp } from "./stamp.mjs";
import { StepError, ask, run, say } from "./steps.mjs";

const NAMES = ["python3", "python"];
/** Whether it is new enough, and can make environments: Debian ships the two apart. */
const IS_FIT = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";

/**
 * The path of schemathesis, installed if need be. `SCHEMATHESIS` names one to use instead.
 *
 * @returns {Promise<string>}
 */
export async function schemathesis() {
  if (process.env.SCHEMATHESIS) return process.env.SCHEMATHESIS;
  return path.join(await environment("python", "tests/api/requirements.txt"), "schemathesis");
}

/**
 * The path of a Python that has wasmtime, installed if need be. `WASMTIME_PYTHON` names one to use
 * instead.
 *
 * @returns {Promise<string>}
 */
export async function wasmtimePython() {
  if (process.env.WASMTIME_PYTHON) return process.env.WASMTIME_PYTHON;
  return path.join(await environment("wasmtime", "tests/function/requirements.txt"), "python");
}

/**
 * The programs of an environment with these packages.
 *
 * @param {string} name of its folder
 * @param {string} requirements file with every package, pinned
 */
async function environment(name, requirements) {
  const folder = path.join(toolsFolder, name);
  const stamp = path.join(folder, ".installed");
  const wanted = contentStamp([requirements]);
  const programs = path.join(folder, "bin");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return programs;
  const python = await findPython();
  say(`installing ${requirements} (half a minute the first time)`);
  await run(python, ["-m", "venv", "--clear", folder], { quiet: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  const what = ["--only-binary=:all:", "--requirement", at(requirements)];
  await run(path.join(programs, "python"), [...pip, ...what]);
  writeFileSync(stamp, wanted);
  return programs;
}

async function findPython() {
  const found = await firstFit();
  if (found) return found;
  if (!(await debian.canInstall())) {
    const mend = "install Python 3.10 or newer with its module venv, or name what there is: " +
      "SCHEMATHESIS=/path/to/schemathesis, WASMTIME_PYTHON=/path/to/python";
    throw new StepError("there is no Python that can make environments", mend);
  }
  await debian.install(["python3", "python3-venv"], "Python for tests");
  return (await firstFit()) ?? "python3";
}

async function firstFit() {
  for (const name of NAMES) {
    if ((await ask(name, ["-c", IS_FIT])) !== null) return name;
  }
  return null;
}
