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
  return listen(file);
}

/**
 * A server of a program and its ledger, and of the Worker whose objects keep what they are sent.
 * Queue and database are next to it, and cost nothing.
 *
 * @param {{folder: string, snapshot: string, settings: Record<string, string>, kept: string}}
 *   options `kept` is a folder for what the objects keep
 * @returns {Promise<Server>}
 */
export async function openLedgerServer({ folder, snapshot, settings, kept }) {
  const file = `${folder}/ledger.capnp`;
  writeFileSync(file, ledgerConfiguration({ folder, snapshot, settings, kept }));
  return listen(file);
}

/** @param {string} file @returns {Promise<Server>} */
async function listen(file) {
  // What delivers a queue's messages is an experiment of workerd's, as everywhere on one machine.
  const args = ["serve", file, "--control-fd=3", "--experimental"];
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
const ours :Workerd.Worker = ${built(folder, at("build", "worker"), [KV, ...texts(settings)])};
const baseline :Workerd.Worker = ${built(folder, BASELINE, [])};
const kv :Workerd.Worker = ${script(folder, "namespace.js", FOLDER)};
`;
}

/** @param {Parameters<typeof openLedgerServer>[0]} options */
function ledgerConfiguration({ folder, snapshot, settings, kept }) {
  const ours = built(
    folder,
    at("build", "worker"),
    [
      KV,
      '(name = "REPORTS_QUEUE", queue = "neighbours")',
      `(name = "REPORTS", wrapped = (moduleName = "cloudflare-internal:d1-api",
        innerBindings = [(name = "fetcher", service = "neighbours")]))`,
      ...texts(settings),
    ],
    { ORDERS: "OrderObject", CAPS: "CapObject" },
  );
  const neighbours = ['(name = "OURS", service = "ours")'];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "ours", worker = .ours),
    (name = "baseline", worker = .baseline),
    (name = "kv", worker = .kv),
    (name = "neighbours", worker = .neighbours),
    (name = "folder", disk = (path = ${JSON.stringify(snapshot)})),
    (name = "kept", disk = (path = ${JSON.stringify(kept)}, writable = true)),
  ],
  sockets = [${NAMES.map(socket).join(", ")}],
);
const ours :Workerd.Worker = ${ours};
const baseline :Workerd.Worker = ${built(folder, BASELINE, [], { ROWS: "RowObject" })};
const kv :Workerd.Worker = ${script(folder, "namespace.js", FOLDER)};
const neighbours :Workerd.Worker = ${script(folder, "neighbours.js", neighbours)};
`;
}

const FOLDER = ['(name = "FOLDER", service = "folder")'];
const KV = '(name = "SNAPSHOTS", kvNamespace = "kv")';

/** @param {string} name */
function socket(name) {
  return `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`;
}

/** @param {Record<string, string>} settings */
function texts(settings) {
  return Object.entries(settings).map(
    ([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`,
  );
}

/**
 * A Worker that was built, with the objects that it is given by name.
 *
 * @param {string} folder that paths of what is embedded start from
 * @param {string} from where it was built
 * @param {string[]} bindings
 * @param {Record<string, string>} [objects] their classes
 */
function built(folder, from, bindings, objects = {}) {
  const classes = Object.values(objects).map(
    (name) => `(className = "${name}", uniqueKey = "${name}", enableSql = true)`,
  );
  const bound = Object.entries(objects).map(
    ([name, kind]) => `(name = "${name}", durableObjectNamespace = "${kind}")`,
  );
  const storage = classes.length > 0 ? 'durableObjectStorage = (localDisk = "kept"),' : "";
  return `(
    modules = [
      (name = "index.js", esModule = ${embed(folder, `${from}/index.js`)}),
      (name = "index_bg.wasm", wasm = ${embed(folder, `${from}/index_bg.wasm`)}),
    ],
    compatibilityDate = "${compatibilityDate()}",
    bindings = [${[...bindings, ...bound].join(", ")}],
    durableObjectNamespaces = [${classes.join(", ")}],
    ${storage}
  )`;
}

/** @param {string} folder @param {string} name @param {string[]} bindings */
function script(folder, name, bindings) {
  return `(
    modules = [(name = "${name}", esModule = ${embed(folder, at("benches", "workerd", name))})],
    compatibilityDate = "${compatibilityDate()}",
    compatibilityFlags = ["service_binding_extra_handlers"],
    bindings = [${bindings.join(", ")}],
  )`;
}

/** @param {string} folder @param {string} file */
function embed(folder, file) {
  return `embed ${JSON.stringify(path.relative(folder, file))}`;
}

function compatibilityDate() {
  return unstable_readConfig({ config: at("wrangler.toml") }).compatibility_date;
}
