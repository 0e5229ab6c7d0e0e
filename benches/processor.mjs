/**
 * How much a command does in a second of a processor: what other programs do meanwhile does not
 * count.
 * @module
 */

import { ask } from "../tools/steps.mjs";
import { estimate } from "./statistics.mjs";

const ROUNDS = 7;

/**
 * Things a second, by the middle one of several rounds.
 *
 * @param {() => Promise<number>} round seconds
 * @param {number} things of a round
 */
export async function rateOf(round, things) {
  const seconds = [];
  for (let left = ROUNDS; left > 0; left -= 1) seconds.push(await round());
  return things / estimate(seconds).median;
}

/**
 * Seconds that a command keeps a processor busy, its own and the system's for it.
 *
 * @param {string} command
 * @param {(string | number)[]} args
 */
export async function processorSeconds(command, args) {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" > /dev/null 2>&1; } 2>&1';
  const printed = await ask("bash", ["-c", script, "bash", command, ...args.map(String)]);
  const seconds = printed?.split(" ").map(Number);
  if (seconds?.length !== 2) throw new Error(`${command} ${args.join(" ")}: ${printed}`);
  return seconds[0] + seconds[1];
}
