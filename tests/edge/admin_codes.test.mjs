// Codes over HTTP: created, listed, changed, expired and taken up again, by one person and by many
// at once. Rules are those of the domain's worked table.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk } from "./admin.mjs";

/** @type {Desk} */
let desk;
before(async () => void (desk = await Desk.start()));
after(() => desk.close());

const TRACKING = { match_type: "exact", credit_policy: "always", owner: "ana" };

test("a code is created and read as it was authored", async () => {
  const made = await desk.code("  Hello-1 ", {
    deal: "d10", max_redemptions: 5, comments: "for June", time_zone: "america/new_york",
    end_at: "2090-06-30",
  });
  const { status, body } = await desk.ask("GET", `/codes/${made.id}`);
  assert.equal(status, 200);
  assert.deepEqual({ ...body, warnings: [] }, made);
  assert.equal(body.code, "Hello-1");
  assert.equal(body.time_zone, "America/New_York");
  assert.equal(body.end_at, "2090-07-01T04:00:00Z", "through the end of that day, in that zone");
  assert.deepEqual([body.state, body.version, body.public], ["active", 1, false]);
  assert.match(body.id, /^u[0-9a-f]{32}$/);
});

test("rule 11: two codes of one text do not meet, and the answer names the other", async () => {
  const { status, body } = await desk.ask("POST", "/codes", {
    ...TRACKING, code: "save10", owner: "ben",
  });
  assert.equal(status, 409);
  assert.equal(body.type, "/problems/code-conflict");
  assert.deepEqual(body.conflicts, [
    { id: "c1", code: "SAVE10", owner: "ana", start_at: null, end_at: null },
  ]);
});

test("reassigning is expiring and creating; the old one does not come back beside it", async () => {
  const first = await desk.code("MOVES");
  const gone = await desk.ask("DELETE", `/codes/${first.id}`);
  assert.deepEqual([gone.status, gone.body.state], [200, "expired"]);
  const second = await desk.code("moves", { owner: "ben" });
  assert.notEqual(second.id, first.id);
  const end = Date.parse(gone.body.expired_at);
  assert.ok(Date.parse(second.start_at) >= end, "it begins when it is created");
  const { body } = await desk.ask("POST", "/codes/reactivate", { ids: [first.id] });
  assert.deepEqual([body.changed, body.unchanged[0].reason], [0, "conflict"]);
});

test("rules 18 and 49: patterns that cannot be codes are refused with the remedy", async () => {
  for (const code of ["^(?=SUMMER).*", "(SUM)\\1", "SUMMER)|(?:WINTER"]) {
    const body = { ...TRACKING, code, match_type: "regex" };
    const answer = await desk.ask("POST", "/codes", body);
    assert.equal(answer.status, 400, code);
    assert.equal(answer.body.path, "code");
    assert.ok(answer.body.remedy.length > 0);
  }
});

test("rule 48: equal patterns of two owners are both kept, with a warning", async () => {
  const pattern = { code: "^(SUMMER).*", match_type: "regex" };
  const first = await desk.code(pattern.code, { ...pattern, owner: "ben" });
  const second = await desk.code(pattern.code, { ...pattern, owner: "cara" });
  assert.notEqual(first.id, second.id);
  assert.deepEqual(first.warnings, []);
  const [{ kind, got }] = second.warnings;
  assert.equal(kind, "equal_patterns");
  assert.ok(got.includes(first.id), got);
});

test("rule 26: a zone's name overrides the offset, and the answer says so", async () => {
  const made = await desk.code("ZONED", {
    start_at: "2090-07-01T00:00:00-07:00", time_zone: "America/New_York",
  });
  assert.equal(made.start_at, "2090-07-01T04:00:00Z");
  assert.deepEqual(made.warnings.map((/** @type {any} */ it) => [it.kind, it.path]),
    [["zone_override", "start_at"]]);
  assert.equal(made.state, "pending");
});

test("every fault of a body is named, with its path", async () => {
  const { status, body } = await desk.ask("POST", "/codes", {
    code: "", match_type: "exact", owner: "nobody", deal: "d11", colour: "red",
    max_redemptions: 0, time_zone: "PST8", end_at: "tomorrow",
  });
  assert.equal(status, 400);
  assert.deepEqual(body.errors.map((/** @type {any} */ it) => it.path), ["colour"]);
  const again = await desk.ask("POST", "/codes", {
    code: "", match_type: "exact", owner: "nobody", deal: "d11", max_redemptions: 0,
    time_zone: "Nowhere/City", end_at: "tomorrow",
  });
  const paths = again.body.errors.map((/** @type {any} */ it) => it.path).sort();
  assert.deepEqual(paths,
    ["code", "credit_policy", "deal", "end_at", "max_redemptions", "owner", "time_zone"]);
});

test("a patch is of the version that was read", async () => {
  const made = await desk.code("PATCHED");
  const patch = { version: 1, comments: "hello", max_redemptions: 3 };
  const { status, body } = await desk.ask("PATCH", `/codes/${made.id}`, patch);
  assert.deepEqual([status, body.version, body.comments], [200, 2, "hello"]);
  const stale = await desk.ask("PATCH", `/codes/${made.id}`, { version: 1, public: true });
  assert.equal(stale.status, 409);
  assert.equal(stale.body.type, "/problems/version-conflict");
  assert.deepEqual({ ...stale.body.current, warnings: [] }, body);
  const bad = await desk.ask("PATCH", `/codes/${made.id}`, { version: 2, owner: "ben" });
  assert.deepEqual([bad.status, bad.body.path], [400, "owner"]);
});

test("an authored end that is past has to be replaced by name", async () => {
  const made = await desk.code("OVER", {
    start_at: "2001-01-01T00:00:00Z", end_at: "2001-02-01T00:00:00Z",
  });
  assert.equal(made.state, "expired");
  const plain = await desk.ask("POST", "/codes/reactivate", { ids: [made.id] });
  assert.equal(plain.body.unchanged[0].reason, "end_is_past");
  const open = await desk.ask("POST", "/codes/reactivate", { ids: [made.id], end_at: null });
  assert.equal(open.body.changed, 1);
  const { body } = await desk.ask("GET", `/codes/${made.id}`);
  assert.deepEqual([body.state, body.end_at], ["active", null]);
});

test("rule 44: a synchronised deal that is over ends its codes, unsaid in them", async () => {
  const deal = {
    id: "synced", name: "Gone", type: "free_shipping", sync_codes: true,
    start_at: "2001-01-01T00:00:00Z",
  };
  assert.equal((await desk.ask("POST", "/deals", deal)).status, 201);
  const made = await desk.code("SYNCED", { deal: "synced" });
  assert.equal(made.state, "active");
  const ended = await desk.ask("POST", "/deals/synced/expire", {});
  assert.deepEqual([ended.status, ended.body.state], [200, "expired"]);
  const { body } = await desk.ask("GET", `/codes/${made.id}`);
  assert.deepEqual([body.state, body.version, body.end_at], ["expired", 1, null]);
  const off = { version: 2, sync_codes: false };
  assert.equal((await desk.ask("PATCH", "/deals/synced", off)).status, 200);
  assert.equal((await desk.ask("GET", `/codes/${made.id}`)).body.state, "active");
});

test("many codes are edited at once, and each that stays says why", async () => {
  const made = await Promise.all(["B1", "B2", "B3"].map((code) => desk.code(code)));
  const ids = made.map((code) => code.id);
  await desk.ask("DELETE", `/codes/${ids[0]}`);
  const { body } = await desk.ask("POST", "/codes/expire", { ids: [...ids, "none"] });
  assert.equal(body.changed, 2);
  assert.deepEqual(
    body.unchanged.map((/** @type {any} */ it) => it.reason).sort(),
    ["already_expired", "unknown"],
  );
  const filter = { text: "^b", state: "expired" };
  const back = await desk.ask("POST", "/codes/reactivate", { filter });
  assert.equal(back.body.changed, 3);
  const dates = { filter: { text: "^b" }, end_at: "2090-01-01", time_zone: "Asia/Tokyo" };
  assert.equal((await desk.ask("POST", "/codes/dates", dates)).body.changed, 3);
  assert.equal((await desk.ask("POST", "/codes/deal", { ids, deal: "d10" })).body.changed, 3);
  const { body: code } = await desk.ask("GET", `/codes/${ids[1]}`);
  assert.deepEqual([code.deal, code.end_at], ["d10", "2090-01-01T15:00:00Z"]);
});

test("of fifty people who create one code one does", async () => {
  const body = { ...TRACKING, code: "RACE" };
  const asked = Array.from({ length: 50 }, () => desk.ask("POST", "/codes", body));
  const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
  assert.deepEqual(statuses, [201, ...Array(49).fill(409)]);
});

test("of a hundred edits at once none is lost, and the history has each", async () => {
  const shared = await desk.code("SHARED");
  const own = await Promise.all(
    Array.from({ length: 50 }, (_, index) => desk.code(`OWN${index}`)),
  );
  /** @param {number} index @returns {Promise<void>} */
  const editShared = async (index) => {
    for (;;) {
      const { body } = await desk.ask("GET", `/codes/${shared.id}`);
      const comments = `${body.comments ?? ""} ${index}.`;
      const patch = { version: body.version, comments };
      const who = index % 2 ? "otto" : "maria";
      const { status } = await desk.ask("PATCH", `/codes/${shared.id}`, patch, who);
      if (status === 200) return;
      assert.equal(status, 409);
    }
  };
  const edits = own.map((code, index) => [
    editShared(index),
    desk.ask("PATCH", `/codes/${code.id}`, { version: 1, comments: "mine" }),
  ]);
  await Promise.all(edits.flat());
  const { body } = await desk.ask("GET", `/codes/${shared.id}`);
  assert.equal(body.version, 51);
  for (let index = 0; index < 50; index += 1) assert.ok(body.comments.includes(` ${index}.`));
  const history = await desk.rows(
    "SELECT before, after FROM audit WHERE entity_id = ? ORDER BY id", shared.id,
  );
  assert.equal(history.length, 51);
  history.slice(1).forEach(({ before }, index) => assert.equal(before, history[index].after));
  const revisions = await desk.rows("SELECT DISTINCT revision FROM audit ORDER BY revision");
  const [{ revision }] = await desk.rows("SELECT revision FROM programs WHERE id = '1000'");
  const all = Array.from({ length: revision }, (_, index) => index + 1);
  assert.deepEqual(revisions.map((row) => row.revision), all, "no revision is without its edit");
});

test("pages follow each other while codes are created", async () => {
  const prefix = "PAGE";
  for (let index = 0; index < 25; index += 1) await desk.code(`${prefix}${index}`);
  for (const sort of ["created", "code", "start", "end"]) {
    for (const desc of ["true", "false"]) {
      /** @type {string[]} */
      const seen = [];
      let cursor = "";
      do {
        const query = `text=%5E${prefix}&sort=${sort}&desc=${desc}&limit=7${cursor}`;
        const { status, body } = await desk.ask("GET", `/codes?${query}`);
        assert.equal(status, 200, JSON.stringify(body));
        seen.push(...body.items.map((/** @type {any} */ code) => code.code));
        await desk.code(`${prefix}X${sort}${desc}${seen.length}`);
        cursor = body.next_cursor && `&cursor=${body.next_cursor}`;
      } while (cursor);
      assert.equal(new Set(seen).size, seen.length, "none twice");
      for (let index = 0; index < 25; index += 1) assert.ok(seen.includes(`${prefix}${index}`));
    }
  }
});

test("filters say which codes", async () => {
  await desk.code("FILTER-A", { owner: "cara", credit_policy: "winner" });
  const count = async (/** @type {string} */ query) =>
    (await desk.ask("GET", `/codes?text=filter&${query}`)).body.total;
  assert.equal(await count(""), 1);
  assert.equal(await count("owner=cara&credit_policy=winner&kind=tracking&match_type=exact"), 1);
  assert.equal(await count("owner=ben"), 0);
  assert.equal(await count("state=expired"), 0);
  const wrong = await desk.ask("GET", "/codes?state=gone&limit=0&colour=red");
  assert.equal(wrong.status, 400);
  assert.equal(wrong.body.errors.length, 3);
  assert.equal((await desk.ask("GET", "/codes?cursor=abc")).status, 400);
});

test("codes are handed out as a file", async () => {
  const { status, headers, body } = await desk.ask("GET", "/codes.csv?text=%5Esave");
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^text\/csv/);
  const [header, line] = body.trim().split("\n");
  assert.ok(header.startsWith("Promo Code,Program Id,Media Id,Type,Credit Rule,Match Mode,"));
  assert.ok(line.startsWith("SAVE10,1000,ana,TRACKING,ALWAYS,LI,d10,,,,10 % off,active,percent,"));
});

test("a thousand codes with long comments are edited at once", async () => {
  await desk.rows(`
    INSERT INTO codes (program, id, text, folded, folding, hash, match_type, kind, credit_policy,
      owner, public, comments, created_at, revision, created_revision)
    SELECT '1000', 'heavy' || value, 'HEAVY-' || value, 'heavy-' || value, 0, randomblob(16),
      'exact', 'tracking', 'always', 'ana', 0, replace(hex(zeroblob(1000)), '0', '説'), 5, 1, 1
    FROM json_each('[' || ? || ']')`, Array.from({ length: 1_000 }, (_, index) => index).join(","));
  const filter = { text: "^heavy-", state: "all" };
  const { status, body } = await desk.ask("POST", "/codes/expire", { filter });
  assert.deepEqual([status, body.changed, body.unchanged], [200, 1_000, []]);
});
