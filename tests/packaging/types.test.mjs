// A TypeScript project that has installed the package: right uses compile, wrong ones do not.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { snippets } from "../snippets.mjs";
import { App } from "./app.mjs";

/** As strict as a project can be, and nothing of the package is taken on trust. */
const STRICT = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  target: "es2024",
  jsx: "react-jsx",
  types: [],
};
const RESOLUTIONS = [
  { module: "esnext", moduleResolution: "bundler" },
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
];

const ALL = `
import { PromoCodeElement, PromoCodeEvent, checkCode, createClient, describe } from "promo-edge";
import type { Answer, Cart, CheckedCode, Client, Reply, State } from "promo-edge";
import { PromoCodeElement as Registered } from "promo-edge/define";
import { loadExplainer } from "promo-edge/explain";
import fr from "promo-edge/locales/fr";
import { openPublicCodes } from "promo-edge/public-codes";
import { startEngine } from "promo-edge/slim";
import { Validator } from "promo-edge/validator";
import type { Decision, TrustedAnswer } from "promo-edge/validator";

const checked: CheckedCode = await checkCode("SAVE10");
const client: Client = createClient({ endpoint: "/v1/validate" });
const cart: Cart = { currency: "USD", subtotal_minor: 12900 };
const reply: Reply = await client.validate(checked.code ?? "", cart);
const said: string = reply.outcome === "answered" ? describe(reply.answer, fr, "fr") : "";

const field: PromoCodeElement = document.createElement("promo-code");
const same: Registered | null = document.querySelector("promo-code");
const state: State = field.state;
field.items = [{ sku: "A", quantity: 1, unit_price_minor: 100 }];
document.querySelector("form")?.addEventListener("promo-code-validated", (event) => {
  const { answer, provisional }: { answer: Answer | null; provisional: boolean } = event;
  const isEvent: PromoCodeEvent = event;
});
document.addEventListener("promo-code-cleared", (event) => event.answer);

const validator = Validator.open(new Uint8Array(), "per1_");
const question = { code: "x", customer_id: "c", cart };
const trusted: TrustedAnswer = validator.validate(question, new Date());
const order = { order_id: "A", event_type: "SALE", placed_at: "", currency: "USD" };
const decision: Decision = validator.credit(order);
const sentences: string[] = (await loadExplainer("fr"))(decision);
const { malformed } = startEngine(new Uint8Array()).checkCode("x");
(await openPublicCodes(new Uint8Array())).validate("x", 0, cart)?.valid;
export { malformed, said, same, sentences, state, trusted };
`;

const JSX = `
import type {} from "promo-edge/jsx";
export const field = (
  <promo-code endpoint="/v1/validate" currency="USD" subtotal-minor={12900}
    onpromo-code-validated={(event) => event.answer?.valid}>
    <label htmlFor="c">Code</label>
    <input id="c" name="promo_code" />
  </promo-code>
);
`;

/** Each with what the complaint must name. */
const WRONG = [
  ["a method that there is none of", 'document.createElement("promo-code").validat();', "validat"],
  ["an amount as text", 'const c: Cart = { subtotal_minor: "12" }; void c;', "'string'"],
  ["an answer that is not asked whether it is one",
    "declare const a: Answer; void a.quote;", "quote"],
  ["an event's answer that may be null", `document.addEventListener("promo-code-validated",
    (event) => event.answer.valid);`, "event.answer"],
  ["a code that may be malformed", 'const { length } = (await checkCode("x")).code; void length;',
    "undefined"],
  ["a validator made by hand", "new Validator();", "Validator"],
  ["what only a trusted caller may send", `declare const v: Validator;
    v.validateForShopper({ code: "x", customer_id: "c" });`, "customer_id"],
];

/** @type {App} */
let app;
before(() => {
  app = new App();
  app.lend("@types/react", "csstype");
});
after(() => app.remove());

/**
 * What the compiler complains about.
 *
 * @param {Record<string, string>} files
 * @param {object} [options]
 */
function compile(files, options = RESOLUTIONS[0]) {
  const compilerOptions = { ...STRICT, ...options };
  const tsconfig = JSON.stringify({ compilerOptions, files: Object.keys(files) });
  app.write({ ...files, "tsconfig.json": tsconfig });
  try {
    return app.run("tsc --project tsconfig.json --pretty false");
  } catch (error) {
    return String(/** @type {any} */ (error).stdout);
  }
}

for (const options of RESOLUTIONS) {
  test(`everything is typed with ${options.moduleResolution}`, () => {
    assert.equal(compile({ "all.ts": ALL, "field.tsx": JSX }, options), "");
  });
}

test("the documentation's code compiles", () => {
  const [checkout = ""] = snippets("docs/adopt/bundlers.md", "ts checkout.ts");
  assert.equal(compile({ "checkout.ts": checkout }), "");
});

test("wrong uses do not compile", () => {
  const imports = `import { checkCode, type Answer, type Cart } from "promo-edge";
    import { Validator } from "promo-edge/validator";
    export const used: [typeof checkCode, Answer?, Cart?, Validator?] = [checkCode];\n`;
  assert.equal(compile({ "right.ts": imports }), "");
  const files = WRONG.map(([, code], index) => [`wrong${index}.ts`, imports + code]);
  const complaints = compile(Object.fromEntries(files)).split("\n");
  for (const [index, [what, , named = ""]] of WRONG.entries()) {
    const own = complaints.filter((line) => line.startsWith(`wrong${index}.ts`));
    assert.equal(own.length, 1, `${what}: ${own.join("\n")}`);
    assert.ok(own[0]?.includes(named), `${what}: ${own[0]}`);
  }
});

test("React's JSX knows the attributes", () => {
  const wrong = JSX.replace('currency="USD"', "currency={5}");
  assert.match(compile({ "field.tsx": wrong }), /^field\.tsx.*number/);
  assert.match(compile({ "field.tsx": JSX.replace("endpoint", "endpint") }), /endpint/);
});
