/**
 * The Worker and the one that it is measured against, side by side on a bare workerd: no proxy, no
 * assets, no rate limit.
 * @module
 */

import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

import { unstable_readConfig } from "wrangler";

import { at, npmBin, root } from "../tools/project.mjs";
import { StepError, serve, stop } from "../tools/steps.mjs";
import { BASELINE } from "./programs.mjs";

const NAMES = /** @type {const} */ (["ours", "baseline"]);

/**
 * @typedef {object} Server
 * @property {Record<typeof NAMES[number], number>} ports on 127.0.0.1
 * @property {() => Promise<void>} close
 */

/**
 * @param {{folder: string, snapshot: string, settings: Record<string, string>}} options `folder` is
 *   where the configuration is written, `snapshot` where KV reads from
 * @returns {Promise<Server>}
 */
export async function openServer({ folder, snapshot, settings }) {
  const file = `${folder}/requests.capnp`;
  writeFileSync(file, configuration(folder, snapshot, settings));
  const args = ["serve", file, "--control-fd=3"];
  const child = serve(npmBin("workerd"), args, { cwd: root, isControlled: true });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log = (log + text).slice(-4000)));
  child.stdout.resume();
  /** @type {Map<string, number>} */
  const ports = new Map();
  const control = /** @type {import("node:stream").Readable} */ (child.stdio[3]);
  for await (const line of createInterface({ input: control })) {
    const { event, socket, port } = JSON.parse(line);
    if (event === "listen") ports.set(socket, port);
    if (ports.size === NAMES.length) {
      control.resume();
      return { ports: /** @type {any} */ (Object.fromEntries(ports)), close: () => stop(child) };
    }
  }
  throw new StepError(`workerd did not come up; it said:\n${log}`);
}

/**
 * @param {string} folder that paths of what is embedded start from
 * @param {string} snapshot
 * @param {Record<string, string>} settings
 */
function configuration(folder, snapshot, settings) {
  const { compatibility_date: date } = unstable_readConfig({ config: at("wrangler.toml") });
  const embed = (/** @type {string} */ file) =>
    `embed ${JSON.stringify(path.relative(folder, file))}`;
  const worker = (/** @type {string} */ built, /** @type {string[]} */ bindings) => `(
    modules = [
      (name = "index.js", esModule = ${embed(`${built}/index.js`)}),
      (name = "index_bg.wasm", wasm = ${embed(`${built}/index_bg.wasm`)}),
    ],
    compatibilityDate = "${date}",
    bindings = [${bindings.join(", ")}],
  )`;
  const texts = Object.entries(settings).map(
    ([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`,
  );
  const kv = '(name = "SNAPSHOTS", kvNamespace = "kv")';
  const socket = (/** @type {string} */ name) =>
    `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "ours", worker = .ours),
    (name = "baseline", worker = .baseline),
    (name = "kv", worker = .kv),
    (name = "folder", disk = (path = ${JSON.stringify(snapshot)})),
  ],
  sockets = [${NAMES.map(socket).join(", ")}],
);
const ours :Workerd.Worker = ${worker(at("build", "worker"), [kv, ...texts])};
const baseline :Workerd.Worker = ${worker(BASELINE, [])};
const kv :Workerd.Worker = (
  modules = [(name = "kv.js", esModule = ${embed(at("benches", "workerd", "namespace.js"))})],
  compatibilityDate = "${date}",
  bindings = [(name = "FOLDER", service = "folder")],
);
`;
}
