// What no client sends by accident, to every operation that there is: the answer is one that is
// described, and never a fault of ours.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { complaints } from "../edge/schema.mjs";
import { DESCRIPTION, OPERATIONS, TOKEN, Whole } from "./whole.mjs";

const description = JSON.parse(readFileSync(DESCRIPTION, "utf8"));

/** @type {Whole} */
let whole;
before(async () => void (whole = await Whole.start()));
after(() => whole.close());

const encode = (/** @type {unknown} */ value) =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

/** Parts of a path, as they are sent. */
const PARTS = [
  "%00", "c1%00", "%ED%A0%80", "%ff", "%25", "..%2F..", "%20", "'%22--", "\u{1F4A9}", "0", "-1",
  "9".repeat(400), "x".repeat(8_000), "__proto__",
];

/** Values of parameters. */
const VALUES = [
  "", "\0", "\ud800", "null", "-1", "1e309", "9".repeat(400), "'; DROP TABLE codes; --", "%", "^",
  "^%_", "x".repeat(8_000), encode("x".repeat(5_000)), encode(null), encode([9e99, ""]),
  encode([1, 2, 3]), encode({ sort: "created", desc: false, key: 1e300, id: "\0" }),
  encode({ sort: "created", desc: false, key: { deep: [] }, id: 1 }), encode(-1), encode(2 ** 64),
];

/** What stands where something else should. */
const FIELDS = [
  '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '""', "1e999", "-0", "1e300", "-9007199254740993",
  "18446744073709551616", "0.5", "null", "true", "{}", "[]", '{"__proto__":{}}',
  "[".repeat(200) + "]".repeat(200), `"${"x".repeat(70_000)}"`, `[${"1,".repeat(5_000)}1]`,
  `"${"\u{10ffff}".repeat(64)}"`, '"\u202e"', '"+275760-09-13T00:00:00.001Z"',
  '"-009999-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999999-12:00"',
];

/** Whole bodies. */
const BODIES = [
  "", " ", "\0", "null", "0", '"', "{", "[]", "{}}", "{\"a\":1,\"a\":2}", "\ufeff{}", "NaN",
  "[".repeat(100_000), '{"a":'.repeat(100_000), Buffer.from([0xff, 0xfe, 0x7b]),
  Buffer.from('{"code":"\xff\xed\xa0\x80"}', "latin1"), `{"x":"${"x".repeat(300_000)}"}`,
];

/** How many are asked at once. */
const AT_ONCE = 8;

const TYPES = ["", "text/plain", "application/xml", "multipart/form-data; boundary=x", "\u00ff/*"];

for (const operation of OPERATIONS) {
  const { id, method, path, parameters, example } = operation;
  const send = (/** @type {Asked} */ asked) => answered(operation, asked);

  if (path.includes("{")) {
    test(`${id}: ids that are none`, async () => {
      const body = example && JSON.stringify(example);
      await all(PARTS.map((part) => ({ part, body })), send);
    });
  }

  const names = parameters.filter((it) => it.in === "query").map((it) => it.name);
  if (names.length > 0) {
    test(`${id}: queries`, async () => {
      const spoilt = names.flatMap((name) => VALUES.map((value) => [[name, value]]));
      const twice = names.map((name) => [[name, "1"], [name, "2"]]);
      const queries = [...spoilt, ...twice, [["__proto__", "1"], ["\0", "\0"]]];
      await all(queries.map((query) => ({ query })), send);
    });
  }

  if (method !== "get") {
    test(`${id}: bodies`, async () => {
      const good = typeof example === "object" ? example : {};
      const bodies = [...BODIES, ...spoilt(good)];
      await all(bodies.map((body) => ({ body })), send);
      await all(TYPES.map((type) => ({ type, body: JSON.stringify(good) })), send);
    });
  }
}

/**
 * Does it with each, some at a time.
 *
 * @template T
 * @param {T[]} things
 * @param {(thing: T) => Promise<void>} work
 */
async function all(things, work) {
  for (let first = 0; first < things.length; first += AT_ONCE) {
    await Promise.all(things.slice(first, first + AT_ONCE).map(work));
  }
}

/**
 * @typedef {object} Asked
 * @property {string} [part] in the place of every id
 * @property {string[][]} [query]
 * @property {string | Uint8Array} [body]
 * @property {string} [type]
 */

/**
 * Asks, and compares what is said with what is described.
 *
 * @param {import("./whole.mjs").Operation} operation
 * @param {Asked} asked
 */
async function answered({ id, method, path, responses }, { part, query = [], body, type }) {
  const parameters = new URLSearchParams(query).toString();
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    ...(type === "" ? {} : { "content-type": type ?? "application/json" }),
  };
  const url = `${whole.url}${whole.path(path, part)}${parameters && `?${parameters}`}`;
  const init = { method: method.toUpperCase(), headers, body, redirect: "manual" };
  const answer = await fetch(url, /** @type {any} */ (init));
  const said = Buffer.from(await answer.arrayBuffer()).toString();
  const about = `${id} ${url.slice(0, 200)} ${String(body ?? "").slice(0, 200)}: ${answer.status}`;
  assert.ok(answer.status < 500, `${about} ${said}`);
  const response = responses[answer.status];
  assert.ok(response, `${about} is not described: ${said.slice(0, 300)}`);
  const [kind] = (answer.headers.get("content-type") ?? "").split(";");
  if (!response.content) return;
  const content = response.content[kind];
  assert.ok(content, `${about} with ${kind} is not described`);
  if (content.schema && /json/.test(kind)) {
    assert.deepEqual(complaints(description, content.schema, JSON.parse(said)), [], about);
  }
}

/**
 * A good body with one field another way each time, or one more.
 *
 * @param {Record<string, unknown>} example
 */
function* spoilt(example) {
  for (const name of [...Object.keys(example), "\0"]) {
    for (const value of FIELDS) {
      const rest = Object.entries(example).filter(([field]) => field !== name);
      const fields = rest.map(([field, own]) => `${JSON.stringify(field)}:${JSON.stringify(own)}`);
      yield `{${[...fields, `${JSON.stringify(name)}:${value}`].join(",")}}`;
    }
  }
}
