// The examples of the description are sent as they stand: each goes well, and the answer is the one
// that is described.

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

/** What an operation needs to be there, and changes for those after it. */
const PREPARE = {
  approveRequest: () => whole.requestCode("ANA10"),
  declineRequest: () => whole.requestCode("ANA11"),
  acceptUpload: () => whole.upload("WOODS2"),
  discardUpload: () => whole.upload("WOODS3"),
};

/** Of what cannot go well twice, or here: what it is answered. @type {Record<string, number>} */
const REFUSED = {
  // There is a catalogue.
  putCatalog: 409,
  // It was reversed just before.
  adjustOrder: 409,
};

/** Values of parameters that have to be there. @type {Record<string, string>} */
const QUERIES = { object: "1000/4/0", partner: "ana", to: "/", name: "woods.csv" };

for (const { id, method, path, parameters, type, example, responses } of OPERATIONS) {
  test(id, async () => {
    await /** @type {Record<string, () => Promise<unknown>>} */ (PREPARE)[id]?.();
    const needed = parameters.filter((it) => it.in === "query" && it.required);
    const query = new URLSearchParams(needed.map(({ name }) => [name, QUERIES[name]]));
    const url = `${whole.url}${whole.path(path)}?${query}`;
    const answer = await fetch(url, {
      method: method.toUpperCase(),
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": type },
      body: typeof example === "string" ? example : example && JSON.stringify(example),
      redirect: "manual",
    });
    const said = await answer.text();
    const isExpected = id in REFUSED ? answer.status === REFUSED[id] : answer.status < 400;
    assert.ok(isExpected, `${answer.status} ${said}`);
    const [kind] = (answer.headers.get("content-type") ?? "").split(";");
    const { content } = responses[answer.status];
    if (!content) return;
    assert.ok(content[kind], `${kind} is not described`);
    if (!content[kind].schema || !kind.endsWith("json")) return;
    assert.deepEqual(complaints(description, content[kind].schema, JSON.parse(said)), []);
  });
}
