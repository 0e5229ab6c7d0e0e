/**
 * `npm start`: sets up, builds, seeds the sample programme and serves it until interrupted.
 * The port is 8787, or `PORT`.
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";

import { build } from "./build.mjs";
import { at } from "./project.mjs";
import {
  PROGRAMS, SAMPLE_CODE, SAMPLE_ORDERS, buildSample, publishSample,
} from "./sample.mjs";
import { TOKEN_FILE } from "./secrets.mjs";
import { SHOP_HOST, serveFront } from "./serve.mjs";
import { programOnPinnedNode, setUpRust } from "./setup.mjs";
import { StepError, say, step } from "./steps.mjs";

await programOnPinnedNode(import.meta, async () => {
  await build(await setUpRust());
  await step("Sample programme: 100,000 bulk codes, compiled twice", buildSample);
  await step("Publishing to the local KV", publishSample);
  const port = Number(process.env.PORT ?? 8787);
  const served = await step("Starting workerd", () => serveFront({ port }));
  try {
    await step(`Validating ${SAMPLE_CODE}`, () => validateOnce(served.url));
    await step("Crediting a sample order", () => creditOnce(served.url));
    printAddresses(port);
    served.follow(say);
    await served.ended;
  } finally {
    await served.stop();
  }
});

/** @param {string} url */
async function validateOnce(url) {
  const response = await fetch(`${url}/v1/validate`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: SAMPLE_CODE }),
  });
  const answer = await response.text();
  say(`POST /v1/validate {"code":"${SAMPLE_CODE}"}`);
  say(`${response.status} ${answer}`);
  if (!response.ok || JSON.parse(answer).valid !== true) {
    throw new StepError(`${SAMPLE_CODE} should be valid`, "rm -rf build .wrangler && npm start");
  }
}

/** @param {string} url */
async function creditOnce(url) {
  const [order] = readFileSync(at(SAMPLE_ORDERS), "utf8").split("\n");
  const token = readFileSync(at(TOKEN_FILE), "utf8");
  const response = await fetch(`${url}/v1/credit?dry_run=1`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: order,
  });
  const answer = await response.text();
  say(`POST /v1/credit?dry_run=1 ${order}`);
  say(`${response.status} ${answer.slice(0, 200)}`);
  if (!response.ok || JSON.parse(answer).credited === null) {
    throw new StepError("the order should be credited", "rm -rf build .wrangler && npm start");
  }
}

/** @param {number} port */
function printAddresses(port) {
  const body = `{"code":"${SAMPLE_CODE}"}`;
  console.log(`
   Demo shop   ${PROGRAMS.map(({ host }) => `http://${host}:${port}/`).join("   ")}
               (${PROGRAMS.map(({ reasons }) => `${reasons} reasons`).join(", ")})
   In front    http://${SHOP_HOST}:${port}/ (two partners' links, a checkout, and who is credited)
   Validate    curl http://localhost:${port}/v1/validate -d '${body}'
   Credit      curl "http://localhost:${port}/v1/credit?dry_run=1" \\
                 -H "authorization: Bearer $(cat ${TOKEN_FILE})" -d "$(head -1 ${SAMPLE_ORDERS})"
   API         http://localhost:${port}/openapi.json   http://localhost:${port}/healthz
   Stop        Ctrl-C
`);
}
