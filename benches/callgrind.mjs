/**
 * Counting the native program's instructions with callgrind.
 * @module
 */

import { ask } from "../tools/steps.mjs";
import { NATIVE } from "./programs.mjs";

export async function hasCallgrind() {
  return (await ask("valgrind", ["--version"])) !== null;
}

/**
 * Instructions of one of what a round does so many times: the difference between few rounds and
 * many is nothing but rounds.
 *
 * @param {(rounds: number) => (string | number)[]} args
 * @param {number} a_round
 * @param {number} many rounds
 */
export async function instructionsOfEach(args, a_round, many = 11) {
  const first = await callgrind(args(1));
  return Math.round(((await callgrind(args(many))) - first) / (many - 1) / a_round);
}

/** @param {(string | number)[]} args of the native program */
async function callgrind(args) {
  const options = ["--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1"];
  const printed = await ask("valgrind", [...options, NATIVE, ...args.map(String)]);
  const counted = printed?.match(/Collected : (\d+)/);
  if (!counted) throw new Error(`callgrind did not count: ${printed}`);
  return Number(counted[1]);
}
