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
  PROGRAMS, SAMPLE_CODE, SAMPLE_ORDERS, buildSample, migrateTables, publishSample,
} from "./sample.mjs";
import { TOKEN_FILE } from "./secrets.mjs";
import { seedCatalogue } from "./seed.mjs";
import { SHOP_HOST, serveFront } from "./serve.mjs";
import { programOnPinnedNode, setUpRust } from "./setup.mjs";
import { StepError, say, step } from "./steps.mjs";

await programOnPinnedNode(import.meta, async () => {
  await build(await setUpRust());
  await step("Sample programme: 100,000 bulk codes, compiled twice", buildSample);
  await step("Publishing to the local KV", publishSample);
  await step("Tables of the catalogue and the reports in the local D1", migrateTables);
  const port = Number(process.env.PORT ?? 8787);
  const served = await step("Starting workerd", () => serveFront({ port }));
  try {
    await step(`Validating ${SAMPLE_CODE}`, () => validateOnce(served.url));
    await step("Recording a sample order", () => recordOne(served.url));
    await step("The sample's catalogue, for the admin page", () =>
      seedCatalogue(served.url, PROGRAMS[0].id));
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

/** Has the first order recorded; every start but the first finds it there. @param {string} url */
async function recordOne(url) {
  const [order] = readFileSync(at(SAMPLE_ORDERS), "utf8").split("\n");
  const token = readFileSync(at(TOKEN_FILE), "utf8");
  const response = await fetch(`${url}/v1/credit`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: order,
  });
  const answer = await response.text();
  say(`POST /v1/credit ${order}`);
  say(`${response.status} ${answer.slice(0, 200)}`);
  if (!response.ok || JSON.parse(answer).credited === null) {
    throw new StepError("the order should be recorded", "rm -rf build .wrangler && npm start");
  }
}

/** @param {number} port */
function printAddresses(port) {
  const body = `{"code":"${SAMPLE_CODE}"}`;
  const api = `http://localhost:${port}`;
  const bearer = `-H "authorization: Bearer $(cat ${TOKEN_FILE})"`;
  const order = `$(sed -n 2p ${SAMPLE_ORDERS})`;
  console.log(`
   Demo shop   ${PROGRAMS.map(({ host }) => `http://${host}:${port}/`).join("   ")}
               (${PROGRAMS.map(({ reasons }) => `${reasons} reasons`).join(", ")})
   In front    http://${SHOP_HOST}:${port}/ (partners' links, a checkout, recorded orders)
   Admin page  ${api}/admin/ (the token is in ${TOKEN_FILE})
   Validate    curl ${api}/v1/validate -d '${body}'
   Credit      curl ${api}/v1/credit ${bearer} -d "${order}"
   Look        curl ${api}/v1/orders/SALE/L-1002 ${bearer}
   Reverse     curl ${api}/v1/orders/SALE/L-1002/reverse ${bearer} -d '{"reason":"sent back"}'
   API         ${api}/openapi.json   ${api}/healthz
   Stop        Ctrl-C
`);
}
