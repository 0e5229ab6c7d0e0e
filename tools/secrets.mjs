/**
 * The Workers' secrets for a local start: made on first use, never committed.
 * @module
 */

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { SECRETS_FILE, at } from "./project.mjs";
import { StepError } from "./steps.mjs";

/** What local receipts are signed with. */
const RECEIPT_KEYS_FILE = "var/receipt-keys.json";
/** What local click paths are signed with. */
const CLICK_KEYS_FILE = "var/click.key";
/** What customers' names are hashed with. */
const CUSTOMER_KEY_FILE = "var/customer.key";
/** What local webhooks are signed with; the demo shop has it, too. */
export const WEBHOOK_SECRET_FILE = "var/webhook.secret";
/** What a merchant's server would send to have orders credited. */
export const TOKEN_FILE = "var/token";

/**
 * @param {string} keyFile of the local programmes, as the command line writes it
 * @param {string[]} programs their ids
 */
export function writeSecrets(keyFile, programs) {
  const secrets = {
    SNAPSHOT_KEY: keyOf(keyFile, "reader_key"),
    PROGRAM_KEY: keyOf(keyFile, "program_key"),
    RECEIPT_KEYS: receiptKeys(),
    CLICK_KEYS: clickKeys(),
    CUSTOMER_KEY: customerKey(),
    WEBHOOK_SECRETS: webhookSecret(),
    TOKENS: tokens(programs),
  };
  const lines = Object.entries(secrets).map(([name, value]) => `${name} = '${value}'\n`);
  writeFileSync(at(SECRETS_FILE), lines.join(""), { mode: 0o600 });
}

/**
 * The key that publishes, or the half of it that reads and cannot sign.
 *
 * @param {string} keyFile
 * @param {"program_key" | "reader_key"} name
 */
function keyOf(keyFile, name) {
  const line = new RegExp(`^${name}\\s*=\\s*(\\S+)$`, "m");
  const key = readFileSync(at(keyFile), "utf8").match(line);
  if (!key) throw new StepError(`${keyFile} holds no ${name}`, `rm ${keyFile} && npm start`);
  return key[1];
}

/** A JWK Set; the same at every start, so that receipts outlive it. */
function receiptKeys() {
  return kept(RECEIPT_KEYS_FILE, () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    return JSON.stringify({ keys: [privateKey.export({ format: "jwk" })] });
  });
}

/** The same at every start, so that shoppers' cookies outlive it. */
function clickKeys() {
  return kept(CLICK_KEYS_FILE, () => `pck1_${randomBytes(32).toString("hex")}`);
}

/** Never another: under another key a customer is somebody else, and has used no code yet. */
function customerKey() {
  return kept(CUSTOMER_KEY_FILE, () => `pcu1_${randomBytes(32).toString("hex")}`);
}

/** The same at every start, so that events that wait are taken after it. */
function webhookSecret() {
  return kept(WEBHOOK_SECRET_FILE, () => `whsec_${randomBytes(32).toString("base64")}`);
}

/** One token for all programmes, of which the Worker knows the hash. @param {string[]} programs */
function tokens(programs) {
  const token = kept(TOKEN_FILE, () => randomBytes(32).toString("hex"));
  const sha256 = createHash("sha256").update(token).digest("hex");
  const known = [{ sha256, scopes: ["credit", "force", "admin", "report"], name: "you" }];
  return JSON.stringify(Object.fromEntries(programs.map((program) => [program, known])));
}

/** What a file holds; made when there is none. @param {string} name @param {() => string} make */
function kept(name, make) {
  const file = at(name);
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, "utf8");
}
