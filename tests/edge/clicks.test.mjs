// Clicks on partners' links: which count, what the cookie keeps, and where a link may lead.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { catalog, code } from "./catalog.mjs";
import { COOKIE, clickKey, encodePath, pathSet } from "./click_path.mjs";
import { VISIT, startFront } from "./front.mjs";
import { buildSnapshot } from "./snapshots.mjs";

/** @typedef {import("./front.mjs").Front} Front */

const KEY = clickKey(1);
const OLD_KEY = clickKey(2);
const MINUTE = 60_000;

/** @type {Front} */
let front;

before(async () => {
  const vars = {
    CLICK_KEYS: `${KEY} ${OLD_KEY}`,
    CLICK_HOSTS: "Outlet.Example, tickets.example:8443 bücher.example",
  };
  front = await startFront({ vars });
  await front.publish(partners());
});
after(() => front.close());

/** Ana owns `always` codes, Cara does not; Dora is not active. */
function partners() {
  const own = catalog({}, [code("CARA20", { owner: "cara", credit_policy: "winner" })]);
  const others = [
    { id: "cara", name: "Cara", kind: "partner" },
    { id: "dora", name: "Dora", kind: "partner", active: false },
    { id: "émile & fils", name: "Émile", kind: "media_source" },
  ];
  const all = { ...own, partners: [...own.partners, ...others] };
  return buildSnapshot(all);
}

/** @param {string} value of the click path's cookie */
const bringing = (value) => ({ cookie: `theme=dark; ${COOKIE}=${value}; basket=7` });

/** @param {string[] | undefined} header */
const partnersOf = (header) => pathSet(header, KEY).map(({ partner }) => partner);

test("a link counts the click and leads on", async () => {
  const before = Date.now();
  const { status, headers, body } = await front.click("/v1/click?partner=ana&to=/packs%3Fsize=24");
  assert.equal(status, 302);
  assert.equal(headers.location, "http://shop.example/packs?size=24");
  assert.equal(headers["cache-control"], "private, no-store");
  assert.equal(body.length, 0);
  const [click, ...others] = pathSet(headers["set-cookie"], KEY);
  assert.equal(click.partner, "ana");
  assert.ok(before <= click.at && click.at <= Date.now());
  assert.deepEqual(others, []);
});

test("a landing page counts the click and is the shop's own", async () => {
  front.seen = [];
  const { status, headers, body } = await front.click("/packs?size=24&partner=ana");
  assert.equal(status, 200);
  assert.equal(body.toString(), "shop");
  assert.equal(headers["cache-control"], "private, no-store");
  assert.deepEqual(partnersOf(headers["set-cookie"]), ["ana"]);
  assert.equal(front.seen[0].path, "/packs?size=24&partner=ana");
});

test("ids of any letters are read from a link", async () => {
  const id = encodeURIComponent("émile & fils");
  const { headers } = await front.click(`/?partner=${id}`);
  assert.deepEqual(partnersOf(headers["set-cookie"]), ["émile & fils"]);
});

test("clicks are kept in their order", async () => {
  const past = Date.now() - MINUTE;
  const clicks = [{ partner: "ben", at: past }, { partner: "ana", at: past + 1 }];
  const headers = bringing(encodePath(clicks, KEY));
  const answer = await front.click("/?partner=ben", headers);
  const kept = pathSet(answer.headers["set-cookie"], KEY);
  assert.deepEqual(kept.slice(0, 2), clicks);
  assert.equal(kept[2].partner, "ben");
  assert.equal(kept.length, 3);
});

test("what cannot be our own cookie counts for nothing", async () => {
  const clicks = [{ partner: "ben", at: Date.now() - MINUTE }];
  const good = encodePath(clicks, KEY);
  const last = good.at(-1) === "A" ? "Q" : "A";
  const foreign = {
    "another key": [encodePath(clicks, clickKey(3)), "not_signed"],
    "another programme": [encodePath(clicks, KEY, "1001"), "not_signed"],
    "a changed signature": [`${good.slice(0, -1)}${last}`, "not_signed"],
    "a cut end": [good.slice(0, -2), "not_signed"],
    "another version": [`Ag${good.slice(2)}`, "unknown_version"],
    "too much of it": [good.padEnd(3701, "A"), "too_long"],
    "no base64url": ["%20", "malformed"],
    nothing: ["", "malformed"],
  };
  for (const [what, [value, name]] of Object.entries(foreign)) {
    const { headers, line } = await front.click("/?partner=ana", bringing(value));
    assert.deepEqual(partnersOf(headers["set-cookie"]), ["ana"], what);
    assert.equal(line.ignored_cookie, name, what);
    assert.equal(line.click, "kept");
  }
});

test("an old key's path is read and signed anew", async () => {
  const clicks = [{ partner: "ben", at: Date.now() - MINUTE }];
  const { headers } = await front.click("/?partner=ana", bringing(encodePath(clicks, OLD_KEY)));
  assert.deepEqual(partnersOf(headers["set-cookie"]), ["ben", "ana"]);
});

/** Requests that are no visit. @type {Record<string, Record<string, string>>} */
const NO_VISITS = {
  "a script's request": { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" },
  "a picture": { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
  "a frame": { ...VISIT, "sec-fetch-dest": "iframe" },
  "an old embedded page": { ...VISIT, "sec-fetch-dest": "object" },
  "a page fetched in advance": { ...VISIT, "sec-purpose": "prefetch" },
  "a page drawn in advance": { ...VISIT, "sec-purpose": "prefetch;prerender" },
  "a page fetched in advance, as it was said before": { ...VISIT, purpose: "prefetch" },
  "a program": {},
};
for (const [what, headers] of Object.entries(NO_VISITS)) {
  test(`no click: ${what}`, async () => {
    const link = await front.ask("/v1/click?partner=ana&to=/", { headers });
    assert.equal(link.status, 302);
    assert.equal(link.headers["set-cookie"], undefined);
    assert.equal((await front.said()).click, "not_navigation");
    const page = await front.ask("/?partner=ana", { headers });
    assert.equal(page.status, 200);
    assert.equal(page.headers["set-cookie"], undefined);
    assert.equal((await front.said()).click, "not_navigation");
  });
}

test("no click: a form that is sent, a page that is only looked for", async () => {
  for (const method of ["POST", "HEAD", "PUT"]) {
    const { headers } = await front.ask("/?partner=ana", { method, headers: VISIT });
    assert.equal(headers["set-cookie"], undefined, method);
  }
  const head = await front.ask("/v1/click?partner=ana&to=/", { method: "HEAD", headers: VISIT });
  assert.equal(head.status, 302);
  assert.equal(head.headers["set-cookie"], undefined);
  assert.equal((await front.said()).click, "not_navigation");
});

test("only partners that the programme knows and that are active", async () => {
  for (const [partner, because] of [["nobody", "unknown_partner"], ["dora", "inactive_partner"]]) {
    for (const path of [`/?partner=${partner}`, `/v1/click?partner=${partner}&to=/`]) {
      const { status, headers, line } = await front.click(path);
      assert.ok(status < 400);
      assert.equal(headers["set-cookie"], undefined);
      assert.deepEqual([line.click, line.partner], [because, partner]);
    }
  }
  const { headers, line } = await front.click(`/?partner=${"x".repeat(65)}`);
  assert.equal(headers["set-cookie"], undefined);
  assert.equal(line.partner, null);
});

test("clicks of partners whose codes always credit them are marked", async () => {
  for (const [partner, always] of [["ana", true], ["ben", true], ["cara", false]]) {
    const { line } = await front.click(`/?partner=${partner}`);
    const expected = { program: "1000", click: "kept", partner, always, ignored_cookie: null };
    assert.deepEqual(line, expected);
  }
});

test("a full path takes nobody new and loses nobody", async () => {
  const at = Date.now() - MINUTE;
  const many = Array.from({ length: 196 }, (_, n) => ({ partner: `p${100 + n}`, at: at + n }));
  const full = await front.click("/?partner=cara", bringing(encodePath(many, KEY)));
  assert.equal(full.headers["set-cookie"], undefined);
  assert.equal(full.line.click, "full");
  const room = await front.click("/?partner=cara", bringing(encodePath(many.slice(1), KEY)));
  assert.equal(partnersOf(room.headers["set-cookie"]).length, 196);
});

/** Where a link may lead. @type {[string, string][]} */
const ALLOWED = [
  ["/", "http://shop.example/"],
  ["/a/b?c=d#e", "http://shop.example/a/b?c=d#e"],
  ["packs", "http://shop.example/packs"],
  ["?sort=new", "http://shop.example/?sort=new"],
  ["/..//evil.example", "http://shop.example//evil.example"],
  ["/%2F%2Fevil.example", "http://shop.example/%2F%2Fevil.example"],
  ["http://shop.example/packs", "http://shop.example/packs"],
  ["https://SHOP.example/packs", "https://shop.example/packs"],
  ["//shop.example/packs", "http://shop.example/packs"],
  ["https://shop.example\\@evil.example", "https://shop.example/@evil.example"],
  ["https://outlet.example", "https://outlet.example/"],
  ["https://outlet.example:443/a", "https://outlet.example/a"],
  ["https://tickets.example:8443/a", "https://tickets.example:8443/a"],
];
for (const [to, expected] of ALLOWED) {
  test(`a link may lead to ${to}`, async () => {
    const { status, headers } = await front.click(link(to));
    assert.equal(status, 302);
    assert.equal(headers.location, expected);
    assert.deepEqual(partnersOf(headers["set-cookie"]), ["ana"]);
  });
}

/** Where it may not: nobody is led away by the shop's good name. */
const REFUSED = [
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "\t//evil.example",
  "/\n/evil.example",
  "\u0000//evil.example",
  "https:evil.example",
  "https:/evil.example",
  "https://evil.example",
  "https://shop.example@evil.example",
  "https://shop.example:x@evil.example/",
  "https://evil.example@shop.example/",
  "https://shop.example.evil.example",
  "https://evilshop.example",
  "https://sub.outlet.example",
  "https://outlet.example:8443",
  "https://tickets.example",
  "https://shop.example:8080/",
  "https://evil。example",
  "javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "ftp://shop.example/",
  "file:///etc/passwd",
  "blob:https://shop.example/1",
  "http://",
  "https://shop.example:99999/",
  "/a\u007f",
  "",
];
for (const to of REFUSED) {
  test(`a link may not lead to ${JSON.stringify(to)}`, async () => {
    const { status, headers, body } = await front.visit(link(to));
    assert.equal(status, 400);
    assert.equal(headers.location, undefined);
    assert.equal(headers["set-cookie"], undefined);
    assert.equal(headers["content-type"], "application/problem+json");
    const problem = JSON.parse(body.toString());
    assert.equal(problem.type, "/problems/bad-request");
    assert.equal(problem.path, "to");
  });
}

/** @param {string} to */
function link(to) {
  return `/v1/click?partner=ana&to=${encodeURIComponent(to)}`;
}

test("a host's port is part of it", async () => {
  const own = await front.ask(link("http://shop.example:8080/a"), { host: "shop.example:8080" });
  assert.equal(own.headers.location, "http://shop.example:8080/a");
  assert.equal((await front.said()).click, "not_navigation");
  const other = await front.ask(link("http://shop.example/a"), { host: "shop.example:8080" });
  assert.equal(other.status, 400);
});

test("a link without a partner or a target is refused by name", async () => {
  const ask = async (/** @type {string} */ query) => {
    const { status, body } = await front.visit(`/v1/click${query}`);
    assert.equal(status, 400);
    return JSON.parse(body.toString()).path;
  };
  assert.equal(await ask(""), "partner");
  assert.equal(await ask("?to=/"), "partner");
  assert.equal(await ask("?partner=&to=/"), "partner");
  assert.equal(await ask(`?partner=${"x".repeat(65)}&to=/`), "partner");
  assert.equal(await ask("?partner=ana"), "to");
});

test("health says whether clicks are recorded", async () => {
  const health = await front.ask("/healthz");
  assert.equal(JSON.parse(health.body.toString()).clicks, "on");
});
