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
