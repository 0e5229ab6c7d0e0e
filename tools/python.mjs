/**
 * schemathesis, which asks the API what its description lets be asked: a Python program, installed
 * into an environment of this project's own.
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
/** Every package of it, pinned. */
const REQUIREMENTS = "tests/api/requirements.txt";
const FOLDER = path.join(toolsFolder, "python");

/**
 * The path of schemathesis, installed if need be. `SCHEMATHESIS` names one to use instead.
 *
 * @returns {Promise<string>}
 */
export async function schemathesis() {
  if (process.env.SCHEMATHESIS) return process.env.SCHEMATHESIS;
  const program = path.join(FOLDER, "bin", "schemathesis");
  const stamp = path.join(FOLDER, ".installed");
  const wanted = contentStamp([REQUIREMENTS]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return program;
  const python = await findPython();
  say("installing schemathesis (half a minute the first time)");
  await run(python, ["-m", "venv", "--clear", FOLDER], { quiet: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  const what = ["--only-binary=:all:", "--requirement", at(REQUIREMENTS)];
  await run(path.join(FOLDER, "bin", "python"), [...pip, ...what]);
  writeFileSync(stamp, wanted);
  return program;
}

async function findPython() {
  const found = await firstFit();
  if (found) return found;
  if (!(await debian.canInstall())) {
    const mend = "install Python 3.10 or newer with its module venv, or name a schemathesis: " +
      "SCHEMATHESIS=/path/to/schemathesis npm test -- api";
    throw new StepError("there is no Python that can make environments", mend);
  }
  await debian.install(["python3", "python3-venv"], "Python for the tests of the API");
  return (await firstFit()) ?? "python3";
}

async function firstFit() {
  for (const name of NAMES) {
    if ((await ask(name, ["-c", IS_FIT])) !== null) return name;
  }
  return null;
}
