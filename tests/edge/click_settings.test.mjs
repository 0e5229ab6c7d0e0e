// How the Worker is set for clicks: consent, names, keys; and where pages are static.

import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";

import { catalog } from "./catalog.mjs";
import { clickKey, pathSet } from "./click_path.mjs";
import { VISIT, answerTo, startFront } from "./front.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startDeployed } from "./worker.mjs";

const CLICK_KEYS = clickKey(1);

/**
 * @param {Record<string, string | null>} vars
 * @param {(front: import("./front.mjs").Front) => Promise<void>} body
 */
async function withFront(vars, body) {
  const front = await startFront({ vars: { CLICK_KEYS, ...vars } });
  try {
    await front.publish(buildSnapshot(catalog()));
    await body(front);
  } finally {
    await front.close();
  }
}

/** A signal, what gives it and what does not. @type {[string, string[][], string[][]][]} */
const CONSENTS = [
  [
    "cookie:consent=yes",
    [["cookie", "consent=yes"], ["cookie", "a=b; consent=yes; c=d"]],
    [["cookie", "consent=no"], ["cookie", "consent=yes!"], ["cookie", "noconsent=yes"], []],
  ],
  [
    "cookie:consent",
    [["cookie", "consent=1"], ["cookie", "consent="]],
    [["cookie", "consents=1"], ["consent", "1"], []],
  ],
  ["header:X-Consent=ads=yes", [["x-consent", "ads=yes"]], [["x-consent", "ads=no"], []]],
];
for (const [CONSENT, given, missing] of CONSENTS) {
  test(`consent by ${CONSENT}`, () =>
    withFront({ CONSENT }, async (front) => {
      for (const [signals, count] of /** @type {const} */ ([[given, 1], [missing, 0]])) {
        for (const [name, value] of signals) {
          const headers = name ? { [name]: value } : {};
          for (const path of ["/?partner=ana", "/v1/click?partner=ana&to=/"]) {
            const answer = await front.click(path, headers);
            assert.ok(answer.status < 400);
            const cookies = answer.headers["set-cookie"] ?? [];
            assert.equal(cookies.length, count, `${name}: ${value}`);
            assert.equal(answer.line.click, count ? "kept" : "no_consent");
          }
        }
      }
    }));
}

test("the parameter of landing pages has another name", () =>
  withFront({ CLICK_PARAMETER: "via" }, async (front) => {
    const landed = await front.visit("/?via=ben");
    assert.equal(pathSet(landed.headers["set-cookie"], CLICK_KEYS)[0].partner, "ben");
    assert.equal((await front.visit("/?partner=ben")).headers["set-cookie"], undefined);
  }));

test("without a key no click is recorded, and links lead on", () =>
  withFront({ CLICK_KEYS: null }, async (front) => {
    for (const path of ["/?partner=ana", "/v1/click?partner=ana&to=/"]) {
      const { status, headers } = await front.visit(path);
      assert.ok(status < 400);
      assert.equal(headers["set-cookie"], undefined);
    }
    const { body } = await front.ask("/healthz");
    assert.equal(JSON.parse(body.toString()).clicks, "off");
  }));

test("without a snapshot no click is recorded, and links lead on", async () => {
  const front = await startFront({ vars: { CLICK_KEYS } });
  try {
    for (const path of ["/?partner=ana", "/v1/click?partner=ana&to=/"]) {
      const { status, headers, line } = await front.click(path);
      assert.ok(status < 400);
      assert.equal(headers["set-cookie"], undefined);
      assert.equal(line.click, "no_snapshot");
    }
  } finally {
    await front.close();
  }
});

/** @type {[string, Record<string, string>][]} */
const UNUSABLE = [
  ["CLICK_KEYS", { CLICK_KEYS: "secret" }],
  ["CLICK_KEYS", { CLICK_KEYS: `${clickKey(1)} secret` }],
  ["CONSENT", { CONSENT: "yes" }],
  ["CONSENT", { CONSENT: "cookie:=yes" }],
  ["CONSENT", { CONSENT: "header:X-Consent" }],
];
for (const [name, vars] of UNUSABLE) {
  test(`a setting that cannot be used is named: ${JSON.stringify(vars)}`, () =>
    withFront(vars, async (front) => {
      const { status, body } = await front.ask("/v1/click?partner=ana&to=/");
      assert.equal(status, 500);
      const { detail } = JSON.parse(body.toString());
      assert.match(detail, new RegExp(`setting ${name}: expected`));
      assert.ok(!detail.includes("secret"));
      // The shop sells on.
      const page = await front.visit("/?partner=ana");
      assert.equal(page.body.toString(), "shop");
      assert.equal(page.headers["set-cookie"], undefined);
    }));
}

test("static pages are landing pages, too, and stay what they are", async () => {
  const worker = await startDeployed({ CLICK_KEYS });
  try {
    await worker.publish(buildSnapshot(catalog()));
    const { url } = await worker.harness.listen();
    /** @param {string} path @param {Record<string, string>} headers */
    const ask = async (path, headers) => {
      const { hostname, port } = url;
      const sent = request({ hostname, port, path, headers: { host: "localhost", ...headers } });
      return answerTo(sent.end());
    };
    const plain = await ask("/", VISIT);
    const policy = plain.headers["content-security-policy"];
    assert.equal(plain.status, 200);
    assert.equal(plain.headers["set-cookie"], undefined);
    assert.match(String(policy), /script-src 'self'/);
    const landed = await ask("/?partner=ana", VISIT);
    assert.deepEqual(landed.body, plain.body);
    assert.equal(landed.headers["cache-control"], "private, no-store");
    assert.equal(landed.headers["content-security-policy"], policy);
    assert.equal(pathSet(landed.headers["set-cookie"], CLICK_KEYS)[0].partner, "ana");
    assert.equal((await ask("/nothing.html", VISIT)).status, 404);
  } finally {
    await worker.close();
  }
});
