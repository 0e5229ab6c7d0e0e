/**
 * A Chromium for the browser tests: the one a person has, else Debian's.
 * @module
 */

import { existsSync } from "node:fs";
import process from "node:process";

import * as debian from "./debian.mjs";
import { StepError, ask, say } from "./steps.mjs";

const NAMES = ["google-chrome-stable", "google-chrome", "chrome", "chromium", "chromium-browser"];
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/** Without a font that has them, Japanese and Chinese are boxes of another width. */
const FONT_PACKAGES = ["fonts-noto-cjk"];

/**
 * The path of a Chromium, installed if need be. `CHROME_BIN` names one to use instead.
 *
 * @returns {Promise<string>}
 */
export async function browser() {
  const found = process.env.CHROME_BIN ?? (await findBrowser());
  if (found) return found;
  if (!(await debian.canInstall())) {
    throw new StepError("there is no Chrome or Chromium", "CHROME_BIN=/path/to/chrome npm test");
  }
  await debian.install(["chromium", ...FONT_PACKAGES], "Chromium for the browser tests");
  return (await findBrowser()) ?? "chromium";
}

/** Installs the fonts that screenshots need, where that is possible, and else says so. */
export async function fonts() {
  const listed = await ask("fc-list", [":lang=ja", "family"]);
  if (listed) return;
  if (await debian.canInstall()) await debian.install([...FONT_PACKAGES, "fontconfig"], "a font");
  else say("no Japanese font was found; the pages of that language show boxes here");
}

async function findBrowser() {
  for (const name of NAMES) {
    const path = await ask("which", [name]);
    if (path) return path;
  }
  return APPLICATIONS.find((path) => existsSync(path)) ?? null;
}
