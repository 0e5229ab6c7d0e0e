/**
 * Bulk files as they are uploaded, and how they are waited for.
 * @module
 */

import { UNTIL_MS } from "./admin.mjs";

/** @typedef {import("./admin.mjs").Desk} Desk */

export const HEADERS = ["Promo Code", "Program Id", "Media Id", "Type", "Credit Rule", "Match Mode",
  "Deal Id", "Active Start Date", "Active End Date", "Timezone"];

/**
 * A row of a bulk file: a code of Ana's, unless more is said.
 *
 * @param {string} code
 * @param {Record<string, string>} [more]
 */
export function row(code, more = {}) {
  const cells = {
    "Promo Code": code, "Program Id": "1000", "Media Id": "ana", Type: "TRACKING",
    "Credit Rule": "ALWAYS", "Match Mode": "LI", ...more,
  };
  return HEADERS.map((header) => /** @type {any} */ (cells)[header] ?? "").join(",");
}

/** @param {string[]} rows */
export function csv(rows) {
  return [HEADERS.join(","), ...rows, ""].join("\r\n");
}

/**
 * Uploads a file and hands over what was answered.
 *
 * @param {Desk} desk
 * @param {string | Uint8Array} file
 * @param {string} [name]
 */
export async function send(desk, file, name = "codes.csv") {
  const { status, body } = await desk.ask("POST", `/uploads?name=${name}`, file);
  if (status !== 202) throw new Error(`it was not taken: ${status} ${JSON.stringify(body)}`);
  return body;
}

/**
 * Waits until an upload is in a state that lasts.
 *
 * @param {Desk} desk
 * @param {string} id
 * @param {(upload: any) => void} [look] at what it is on the way
 */
export async function settled(desk, id, look = () => {}) {
  const deadline = performance.now() + UNTIL_MS;
  for (;;) {
    const { body } = await desk.ask("GET", `/uploads/${id}`);
    look(body);
    if (body.state !== "checking" && body.state !== "accepting") return body;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(body)}`);
  }
}

/**
 * All rows of an upload.
 *
 * @param {Desk} desk
 * @param {string} id
 * @param {string} [outcome]
 * @returns {Promise<any[]>}
 */
export async function rowsOf(desk, id, outcome = "all") {
  const rows = [];
  let cursor = "";
  do {
    const path = `/uploads/${id}/rows?limit=500&outcome=${outcome}${cursor}`;
    const { body } = await desk.ask("GET", path);
    rows.push(...body.items);
    cursor = body.next_cursor && `&cursor=${body.next_cursor}`;
  } while (cursor);
  return rows;
}

/** Accepts an upload and waits. @param {Desk} desk @param {string} id */
export async function accept(desk, id) {
  const { status, body } = await desk.ask("POST", `/uploads/${id}/accept`);
  if (status !== 202) throw new Error(`not accepted: ${JSON.stringify(body)}`);
  return settled(desk, id);
}
