// The description of the interface, and whether the Worker does as it says. Served as
// it is deployed: by wrangler.toml.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { catalog } from "./catalog.mjs";
import { complaints } from "./schema.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startDeployed } from "./worker.mjs";

const file = new URL("../../www/openapi.json", import.meta.url);
const description = JSON.parse(readFileSync(file, "utf8"));
const METHODS = ["get", "post", "put", "delete", "patch"];
/** What requests with a body are sent. @type {Record<string, string>} */
const BODIES = { "/v1/validate": JSON.stringify({ code: "SAVE10" }) };

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  worker = await startDeployed();
  await worker.publish(buildSnapshot(catalog()));
});
after(() => worker.close());

/** @param {string} path @param {string} method @param {string} [body] */
const ask = (path, method, body) =>
  worker.fetch(`http://localhost${path}`, { method: method.toUpperCase(), body });

test("the Worker serves it", async () => {
  const { status, headers, body } = await ask("/openapi.json", "get");
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.deepEqual(body, description);
});

test("the pages are served beside it", async () => {
  const { status, body } = await ask("/", "get");
  assert.equal(status, 200);
  assert.match(body.toString(), /<!doctype html>/i);
});

for (const [path, operations] of Object.entries(description.paths)) {
  test(`${path}: only the methods that are described`, async () => {
    for (const method of METHODS) {
      const body = method === "get" ? undefined : (BODIES[path] ?? "");
      const answer = await ask(path, method, body);
      if (method in operations) assertDescribed(operations[method], answer);
      // Of a programme whoever has no token of it is told nothing.
      else assert.equal(answer.status, path.startsWith("/v1/programs/") ? 401 : 405, method);
    }
  });
}

test("every answer of validate has the shape that is described", async () => {
  const { post } = description.paths["/v1/validate"];
  const { example } = post.requestBody.content["application/json"];
  const requests = [example, { code: "NOPE" }, { code: "" }, { code: "A", colour: 1 }, "{"];
  for (const request of requests) {
    assertDescribed(post, await worker.validate(request, {}, "localhost"));
  }
  assertDescribed(post, await worker.validate(example, { authorization: "Bearer x" }, "localhost"));
  assertDescribed(post, await worker.validate(" ".repeat(300_000), {}, "localhost"));
  assertDescribed(post, await worker.validate(example, {}, "unknown.example"));
});

test("the examples have the shapes that are described", () => {
  const { post } = description.paths["/v1/validate"];
  const request = post.requestBody.content["application/json"];
  assert.deepEqual(complaints(description, request.schema, request.example), []);
  const answer = post.responses[200].content["application/json"];
  for (const { value } of Object.values(answer.examples)) {
    assert.deepEqual(complaints(description, answer.schema, value), []);
  }
});

/** @param {any} operation @param {import("./worker.mjs").Answer} answer */
function assertDescribed(operation, { status, headers, body }) {
  const response = operation.responses[status];
  assert.ok(response, `${operation.operationId}: ${status} is not described`);
  const [type] = (headers.get("content-type") ?? "").split(";");
  const content = response.content?.[type];
  assert.ok(content, `${operation.operationId}: ${status} with ${type} is not described`);
  if (content.schema) assert.deepEqual(complaints(description, content.schema, body), []);
}
