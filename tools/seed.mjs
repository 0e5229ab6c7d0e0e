/**
 * The sample programme's catalogue, given to the Worker that keeps it as a manager would: put as a
 * whole, and then its bulk codes as uploads. What is there already stays.
 * @module
 */

import { readFileSync } from "node:fs";

import { at } from "./project.mjs";
import { bulkCodes, catalogFile } from "./sample.mjs";
import { TOKEN_FILE } from "./secrets.mjs";
import { StepError, say } from "./steps.mjs";

/** Largest file that is taken (contract of the interface), in bytes. */
const FILE_SIZE_MAX = 5_000_000;
const POLL_MS = 500;

/** @typedef {(method: string, path: string, body?: string) => Promise<Response>} Ask */

/**
 * Gives the catalogue of a programme and its codes, unless they are there.
 *
 * @param {string} url of the Worker, without a trailing slash
 * @param {string} program
 */
export async function seedCatalogue(url, program) {
  const authorization = `Bearer ${readFileSync(at(TOKEN_FILE), "utf8")}`;
  const base = `${url}/v1/programs/${program}`;
  /** @type {Ask} */
  const ask = (method, path, body) =>
    fetch(base + path, { method, headers: { authorization }, body });
  if ((await ask("GET", "")).status === 404) {
    await done(ask("PUT", "/catalog", readFileSync(at(catalogFile(program)), "utf8")));
  }
  const { items } = await done(ask("GET", "/uploads?limit=500"));
  const isOpen = (/** @type {any} */ { state }) => !["refused", "discarded"].includes(state);
  const given = new Map(items.filter(isOpen).map((/** @type {any} */ it) => [it.name, it.id]));
  const files = parts(readFileSync(at(bulkCodes(program)), "utf8"));
  for (const [index, file] of files.entries()) {
    const name = `sample-${index + 1}.csv`;
    await upload(ask, name, file, given.get(name));
  }
}

/**
 * Uploads a part and accepts it, or goes on where an earlier start was interrupted.
 *
 * @param {Ask} ask
 * @param {string} name
 * @param {string} file
 * @param {string} [given] id of the upload that there is
 */
async function upload(ask, name, file, given) {
  const id = given ?? (await done(ask("POST", `/uploads?name=${name}`, file))).id;
  const checked = await settled(ask, id);
  if (checked.state === "accepted") return;
  if (checked.rows_bad > 0) {
    throw new StepError(`${checked.rows_bad} rows of ${name} are no codes`, "rm -rf build/sample");
  }
  await done(ask("POST", `/uploads/${id}/accept`));
  const { state, rows_ok } = await settled(ask, id);
  say(`${name}: ${rows_ok} codes ${state}`);
}

/**
 * Waits until nothing is done about an upload any more.
 *
 * @param {Ask} ask
 * @param {string} id
 */
async function settled(ask, id) {
  for (;;) {
    const upload = await done(ask("GET", `/uploads/${id}`));
    if (!["checking", "accepting"].includes(upload.state)) return upload;
    await new Promise((resume) => setTimeout(resume, POLL_MS));
  }
}

/** A bulk file in parts, each with the headers and small enough. @param {string} text */
function parts(text) {
  const [headers, ...rows] = text.split(/(?<=\n)/);
  const files = [headers];
  for (const row of rows) {
    if (files[files.length - 1].length + row.length > FILE_SIZE_MAX) files.push(headers);
    files[files.length - 1] += row;
  }
  return files;
}

/** @param {Promise<Response>} asked @returns {Promise<any>} */
async function done(asked) {
  const answer = await asked;
  const said = await answer.text();
  if (answer.ok) return JSON.parse(said);
  const what = `the catalogue was not taken: ${answer.status} ${said.slice(0, 300)}`;
  throw new StepError(what, "rm -rf build .wrangler && npm start");
}
