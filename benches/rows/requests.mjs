/**
 * Requests a second of the Worker, against one of the same SDK that reads as much and answers as
 * much, on a bare workerd.
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

import { COMMAND } from "../../tools/build.mjs";
import { root } from "../../tools/project.mjs";
import { run } from "../../tools/steps.mjs";
import { clockOf } from "../clock.mjs";
import { contest, ratio } from "../contest.mjs";
import { Load } from "../load.mjs";
import { ordersOf } from "../orders.mjs";
import { grouped, judged, noted, short } from "../row.mjs";
import { openServer } from "../server.mjs";
import { estimate, seeded } from "../statistics.mjs";
import { readerKeyOf, sampleOf } from "./build.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */
/** @typedef {import("../load.mjs").Asked} Asked */

const CODES = 100_000;
const MUST = 0.75;
const CLICKS = 10;
/** A batch takes so many times longer than in other contests: requests are not as even. */
const BATCH_TIMES = 4;
/** Most requests of a batch. */
const COUNT_MAX = 20_000;
const PROGRAM = "1000";

/**
 * @typedef {object} Question
 * @property {string} id
 * @property {string} what
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {string[]} bodies
 * @property {(answer: any) => boolean} isRight
 */

/** @param {Context} context @returns {Promise<Row[]>} */
export async function requestRows(context) {
  const { args, out, keyFile, examples } = await sampleOf(context, CODES);
  await run(COMMAND, args, { cwd: root, quiet: true });
  const token = randomBytes(16).toString("hex");
  const sha256 = createHash("sha256").update(token).digest("hex");
  const server = await openServer({
    folder: context.folder,
    snapshot: out,
    settings: {
      PROGRAM,
      SNAPSHOT_KEY: readerKeyOf(keyFile),
      TOKENS: JSON.stringify({ [PROGRAM]: [{ sha256, scopes: ["credit"] }] }),
    },
  });
  const load = new Load();
  try {
    const rows = [];
    for (const question of questions(examples, token)) {
      rows.push(await shareRow(context, load, server.ports, question));
    }
    return rows;
  } finally {
    load.close();
    await server.close();
  }
}

/** @param {string[]} codes that are valid @param {string} token @returns {Question[]} */
function questions(codes, token) {
  const partners = JSON.parse(readFileSync(`${root}/examples/sample/catalog.json`, "utf8"))
    .partners.map((/** @type {{id: string}} */ partner) => partner.id);
  const choice = { clicks: CLICKS, codes, partners, random: seeded(CODES) };
  return [
    {
      id: "validate",
      what: "POST /v1/validate of a code that is valid",
      path: "/v1/validate",
      headers: {},
      bodies: codes.map((code) => JSON.stringify({ code })),
      isRight: ({ valid }) => valid === true,
    },
    {
      id: "credit",
      what: `POST /v1/credit?dry_run=1 of an order with ${CLICKS} clicks`,
      path: "/v1/credit?dry_run=1",
      headers: { authorization: `Bearer ${token}` },
      bodies: ordersOf({ ...choice, count: codes.length }),
      isRight: ({ code }) => code !== null,
    },
  ];
}

/**
 * The rate of ours as a share of the baseline's. Where the system says how long workerd was busy,
 * the rate is that of a busy core, and who sends the requests does not count.
 *
 * @param {Context} context
 * @param {Load} load
 * @param {import("../server.mjs").Server["ports"]} ports
 * @param {Question} question
 * @returns {Promise<Row>}
 */
async function shareRow({ settings }, load, ports, question) {
  const { id, what, path, headers, bodies, isRight } = question;
  const ours = bodies.map((body) => ({ port: ports.ours, path, body, headers }));
  const answers = await Promise.all(ours.map((asked) => load.ask(asked)));
  const wrong = answers.find((answer) => !isRight(JSON.parse(answer)));
  if (wrong) throw new Error(`${path}: ${wrong}`);
  const baseline = ours.map((asked, index) => {
    const size = Buffer.byteLength(answers[index]);
    return { ...asked, port: ports.baseline, path: `/${size}` };
  });
  const { clock, kind } = clockOf("workerd");
  const timed = (/** @type {Asked[]} */ asked) => async (/** @type {number} */ count) => {
    const started = clock();
    await load.send(asked, count, Math.floor(settings.random() * asked.length));
    return clock() - started;
  };
  const contenders = { ours: timed(ours), baseline: timed(baseline) };
  const longer = { ...settings, batch_ms: settings.batch_ms * BATCH_TIMES };
  const nanos = await contest(contenders, longer, COUNT_MAX);
  const share = ratio(nanos.baseline, nanos.ours);
  const [mine, theirs] = [nanos.ours, nanos.baseline].map((each) => 1e9 / estimate(each).median);
  const row = {
    id: `requests-${id}`,
    what: `requests a second on bare workerd, ${what}, ${grouped(CODES)} codes`,
    usual: "1: reads and answers as many bytes",
    must: `>= ${MUST}`,
    measured: `${short(share.median)} (${short(share.low)} to ${short(share.high)})`,
    note: `${short(mine)} a second against ${short(theirs)}, by ${kind}: this machine's`,
    figures: { share, ours_ns: 1e9 / mine, baseline_ns: 1e9 / theirs },
  };
  return judged(noted(row, share), { value: share.low, atLeast: MUST });
}
