/**
 * The Worker in a process of its own, to be killed: serves what a folder has, and says where.
 *
 *     node bare_process.mjs <folder> <settings as JSON>
 * @module
 */

import process from "node:process";

import { Bare } from "./bare.mjs";

const [folder, vars] = process.argv.slice(2);
const worker = await Bare.on({ folder, vars: JSON.parse(vars) });
console.log(String(worker.client.url));
// Whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());
