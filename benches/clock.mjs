/**
 * How long a process has worked: its processor time where the system says it exactly, so that
 * other programs on the machine do not count; elsewhere the time on the wall.
 * @module
 */

import { readFileSync, readdirSync } from "node:fs";
import process from "node:process";

/** @typedef {() => number} Clock milliseconds since some moment */

/**
 * A clock for the children of this process, and theirs, that have such a name.
 *
 * @param {string} name
 * @returns {{clock: Clock, kind: "processor time" | "time on the wall"}}
 */
export function clockOf(name) {
  const ids = descendants(process.pid).filter((child) => nameOf(child) === name);
  if (ids.length === 0) return { clock: () => performance.now(), kind: "time on the wall" };
  const clock = () => ids.map(processorTime).reduce((sum, time) => sum + time, 0);
  return { clock, kind: "processor time" };
}

/** Of all threads: V8 compiles and collects on others than the one that runs. @param {number} id */
function processorTime(id) {
  const tasks = `/proc/${id}/task`;
  const nanos = readdirSync(tasks).map((task) => {
    const text = read(`${tasks}/${task}/schedstat`);
    return Number(text.split(" ")[0]);
  });
  return nanos.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** @param {number} parent @returns {number[]} */
function descendants(parent) {
  const childrenOf = (/** @type {string} */ task) => read(`/proc/${parent}/task/${task}/children`);
  const text = threadsOf(parent).map(childrenOf).join(" ");
  const children = text.split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** @param {number} id */
function threadsOf(id) {
  try {
    return readdirSync(`/proc/${id}/task`);
  } catch {
    return [];
  }
}

/** @param {number} id */
function nameOf(id) {
  return read(`/proc/${id}/comm`).trim();
}

/** @param {string} file @returns {string} empty when it is not there: threads come and go */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
