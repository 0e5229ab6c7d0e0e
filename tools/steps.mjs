/**
 * Saying what is being done, running it, and failing with the command that would mend it.
 *
 * Every child is known here, so that an interrupted or failed run leaves nothing behind.
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";

/** A step that could not be done, with what a person can type to mend it. */
export class StepError extends Error {
  /**
   * @param {string} message what went wrong
   * @param {string} [mend] the command, or the act, that would mend it
   */
  constructor(message, mend) {
    super(message);
    this.mend = mend;
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] where to run; default the current folder
 * @property {NodeJS.ProcessEnv} [env] added to the environment
 * @property {boolean} [quiet] keep the output back, and show it only when the command fails
 * @property {string} [input] text for its standard input
 * @property {number} [timeout_s] kill it after so many seconds
 * @property {string} [mend] what to advise when it fails
 * @property {boolean} [isControlled] of a server: give it a fourth pipe, to report on
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * Prints a heading, does the work and prints how long it took.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = performance.now();
  console.log(`\n== ${title}`);
  const result = await work();
  console.log(`   ${title}: done in ${seconds(performance.now() - started)}`);
  return result;
}

/** @param {string} text one line under the current heading */
export function say(text) {
  console.log(`   ${text}`);
}

/**
 * Runs a command to its end and returns what it wrote to standard output (empty unless `quiet`).
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 * @throws {StepError} when it cannot be started or exits with anything but 0
 */
export async function run(command, args, options = {}) {
  if (!options.quiet) say(`$ ${[command, ...args].map(quoted).join(" ")}`);
  const stdin = options.input === undefined ? "ignore" : "pipe";
  const rest = options.quiet ? "pipe" : "inherit";
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [stdin, rest, rest],
    timeout: (options.timeout_s ?? 0) * 1000,
  });
  running.add(child);
  child.stdin?.end(options.input);
  let output = "";
  let complaints = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (complaints += text));
  const ended = await /** @type {Promise<string>} */ (
    new Promise((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code, signal) => resolve(code === 0 ? "" : endedHow(code, signal)));
    })
  );
  running.delete(child);
  if (ended === "") return output;
  if (options.quiet) process.stderr.write(output + complaints);
  throw new StepError(`${[command, ...args].map(quoted).join(" ")}: ${ended}`, options.mend);
}

/**
 * Like {@link run}, but a failure is an answer: the trimmed output, or null.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string | null>}
 */
export async function ask(command, args, options = {}) {
  return await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: (options.timeout_s ?? 0) * 1000,
    });
    running.add(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    const end = (/** @type {string | null} */ answer) => (running.delete(child), resolve(answer));
    child.on("error", () => end(null));
    child.on("close", (code) => end(code === 0 ? output.trim() : null));
  });
}

/**
 * Starts a server in a process group of its own, so that {@link stop} reaches its children too:
 * killing only wrangler's launcher would leave workerd serving.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function serve(command, args, options = {}) {
  /** @type {["ignore", "pipe", "pipe"]} */
  const stdio = ["ignore", "pipe", "pipe"];
  if (options.isControlled) stdio.push("pipe");
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio,
    detached: true,
  });
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

/**
 * Ends a server and everything it started, and waits until it is gone.
 *
 * @param {import("node:child_process").ChildProcess} child
 */
export async function stop(child) {
  if (!running.has(child)) return;
  const gone = new Promise((resolve) => child.once("close", resolve));
  signalGroup(child, "SIGTERM");
  const late = setTimeout(() => signalGroup(child, "SIGKILL"), 5000);
  await gone;
  clearTimeout(late);
  signalGroup(child, "SIGKILL");
}

/**
 * Runs a program of this folder: prints a failure with its remedy, sets the exit code, and ends
 * every child whatever happens.
 *
 * @param {() => Promise<void>} main
 */
export async function program(main) {
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, async () => {
      await stopAll();
      process.exit(signal === "SIGTERM" ? 143 : 130);
    });
  }
  try {
    await main();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(`\nfailed: ${error.message}`);
    if (error.mend) console.error(`to mend it: ${error.mend}`);
    process.exitCode = 1;
  } finally {
    await stopAll();
  }
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

async function stopAll() {
  await Promise.all([...running].map(stop));
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  const { pid } = child;
  if (pid === undefined) return;
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group: the child shares ours, or is gone already.
    }
  }
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function endedHow(code, signal) {
  return signal ? `ended by ${signal}` : `exit status ${code}`;
}

/** @param {string} word */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
