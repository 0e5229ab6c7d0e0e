/**
 * The Worker that keeps the catalogue in a process of its own, to be killed: serves what a folder
 * has, and says where.
 *
 *     node desk_process.mjs <folder>
 * @module
 */

import process from "node:process";

import { startBareDesk } from "./bare_desk.mjs";

const { url } = await startBareDesk(process.argv[2]);
console.log(String(url));
// Whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());
