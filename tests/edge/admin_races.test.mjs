// People who change one thing at one moment, each from what all of them have read: one of them gets
// on, and the others are told what it is now.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk } from "./admin.mjs";

const COUNT = 20;

/** @type {Desk} */
let desk;
before(async () => void (desk = await Desk.start()));
after(() => desk.close());

/** What is changed, by its kind, its path and the field that everybody sets. */
const THINGS = [
  ["code", "/codes/c1", "comments"],
  ["deal", "/deals/d10", "name"],
  ["partner", "/partners/ana", "name"],
  ["exception_list", "/exception-lists/x1", "name"],
  ["program", "", "name"],
];

for (const [entity, path, field] of THINGS) {
  test(`of ${COUNT} who change one ${entity} one does, and the others see it`, async () => {
    const { version } = (await desk.ask("GET", path)).body;
    const answers = await Promise.all(Array.from({ length: COUNT }, (_, index) =>
      desk.ask("PATCH", path, { version, [field]: `by ${index}` }, index % 2 ? "otto" : "maria")));
    const done = answers.filter(({ status }) => status === 200);
    assert.equal(done.length, 1, answers.map(({ status }) => status).join(" "));
    const { warnings, ...after } = done[0].body;
    assert.equal(after.version, version + 1);
    for (const { status, body } of answers.filter((answer) => answer !== done[0])) {
      assert.deepEqual([status, body.type], [409, "/problems/version-conflict"]);
      assert.deepEqual(body.current, after);
    }
    const { publication, ...kept } = (await desk.ask("GET", path)).body;
    assert.deepEqual(kept, after);
    const history = await desk.rows(
      "SELECT after FROM audit WHERE entity = ? AND action = 'patch'", entity,
    );
    assert.deepEqual(history.map((row) => JSON.parse(row.after)[field]), [after[field]]);
  });
}

test("of many who end a deal while others rename it nobody undoes the other", async () => {
  const deal = { id: "d20", name: "20 %", type: "free_shipping" };
  assert.equal((await desk.ask("POST", "/deals", deal)).status, 201);
  const ends = Array.from({ length: 5 }, () => desk.ask("POST", "/deals/d20/expire", {}));
  const rename = async (/** @type {number} */ index) => {
    for (;;) {
      const { version } = (await desk.ask("GET", "/deals/d20")).body;
      const { status } = await desk.ask("PATCH", "/deals/d20", { version, name: `name ${index}` });
      if (status === 200) return;
      assert.equal(status, 409);
    }
  };
  await Promise.all([...ends, ...Array.from({ length: 5 }, (_, index) => rename(index))]);
  const { body } = await desk.ask("GET", "/deals/d20");
  assert.equal(body.state, "expired");
  assert.match(body.name, /^name \d$/);
  assert.equal(body.version, 7, "five names, and one end");
});

test("an event type that goes while a contract comes to cover it does not do both", async () => {
  const types = (/** @type {string[]} */ ...ids) => ids.map((id) => ({ id, promo_codes: true }));
  for (let round = 0; round < COUNT; round += 1) {
    const partner = (await desk.ask("GET", "/partners/ben")).body;
    const settings = (await desk.ask("GET", "")).body;
    const covering = (/** @type {string[]} */ ...ids) => [{ id: "k1", event_types: ids }];
    const [gone, covered] = await Promise.all([
      desk.ask("PATCH", "", { version: settings.version, event_types: types("SALE") }),
      desk.ask("PATCH", "/partners/ben",
        { version: partner.version, contracts: covering("SALE", "LEAD") }, "otto"),
    ]);
    const statuses = [gone.status, covered.status].sort();
    assert.equal(statuses[0], 200, JSON.stringify([gone.body, covered.body]));
    assert.ok(statuses[1] === 409 || statuses[1] === 400, JSON.stringify(statuses));
    await isDone("/partners/ben", { contracts: covering("SALE") });
    await isDone("", { event_types: types("SALE", "LEAD") });
  }
});

test("neither of the two can be written into the database", async () => {
  const types = `UPDATE programs SET version = version + 1,
    event_types_document = '[{"id":"LEAD"}]'`;
  await assert.rejects(desk.rows(types), /reference_conflict/);
  const contracts = `'$.contracts[0].event_types', json('["LEAD", "NONE"]')`;
  const document = `json_set(document, ${contracts})`;
  const partner = `UPDATE partners SET version = version + 1, document = ${document}`;
  await assert.rejects(desk.rows(partner), /reference_conflict/);
  const more = `INSERT INTO partners (program, id, document, revision)
    SELECT program, 'dora', ${document}, revision FROM partners WHERE id = 'ana'`;
  await assert.rejects(desk.rows(more), /reference_conflict/);
});

/** Edits what nobody else does. @param {string} path @param {object} fields */
async function isDone(path, fields) {
  const { version } = (await desk.ask("GET", path)).body;
  const { status, body } = await desk.ask("PATCH", path, { version, ...fields });
  assert.equal(status, 200, JSON.stringify(body));
}
