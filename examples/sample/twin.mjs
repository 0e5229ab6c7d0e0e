// The sample programme once more, as programme 1001: the same catalogue, telling shoppers the exact
// reason why a code is refused.
//
//   node examples/sample/twin.mjs --out twin.json

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";

/**
 * @param {string} catalog the text of catalog.json
 * @returns {string} the twin's
 */
export function twin(catalog) {
  const parsed = JSON.parse(catalog);
  const { program } = parsed;
  const detailed = {
    ...program,
    id: "1001",
    name: `${program.name}, detailed`,
    public_reasons: "detailed",
  };
  return `${JSON.stringify({ ...parsed, program: detailed }, null, 1)}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  if (values.out === undefined) {
    process.stderr.write("twin.mjs: expected --out FILE\n");
    process.exitCode = 2;
  } else {
    writeFileSync(values.out, twin(readFileSync(new URL("catalog.json", import.meta.url), "utf8")));
  }
}
