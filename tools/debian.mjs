/**
 * Installing Debian packages, where there is Debian and the right to do so.
 * @module
 */

import process from "node:process";

import { StepError, ask, run } from "./steps.mjs";

let listsAreFresh = false;

/** Whether packages can be installed without asking a person anything. */
export async function canInstall() {
  if ((await ask("apt-get", ["--version"])) === null) return false;
  return process.getuid?.() === 0 || (await ask("sudo", ["-n", "true"])) !== null;
}

/**
 * @param {string[]} packages
 * @param {string} purpose what they are for, said when they cannot be installed
 * @throws {StepError} with the command a person would type
 */
export async function install(packages, purpose) {
  const mend = `sudo apt-get update && sudo apt-get install -y ${packages.join(" ")}`;
  if (!(await canInstall())) {
    throw new StepError(`${purpose} is missing, and this is no Debian with root rights`, mend);
  }
  const [command, ...before] =
    process.getuid?.() === 0 ? ["apt-get"] : ["sudo", "-n", "apt-get"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  if (!listsAreFresh) await run(command, [...before, "update", "-qq"], { env, mend });
  listsAreFresh = true;
  const flags = ["install", "-y", "-qq", "--no-install-recommends"];
  await run(command, [...before, ...flags, ...packages], { env, mend });
}
