/**
 * As much of JSON Schema as the description of the interface uses.
 * @module
 */

/**
 * What is wrong with a value, by the schema that describes it.
 *
 * @param {any} document that `$ref` points into
 * @param {any} schema
 * @param {any} value
 * @param {string} [path]
 * @returns {string[]}
 */
export function complaints(document, schema, value, path = "$") {
  if (schema === true) return [];
  const { $ref, anyOf, type, properties = {}, items, required = [] } = schema;
  const { additionalProperties: others } = schema;
  const found = [];
  if ($ref) found.push(...complaints(document, resolve(document, $ref), value, path));
  if (anyOf) {
    const each = anyOf.map((/** @type {any} */ one) => complaints(document, one, value, path));
    const isNone = each.every((/** @type {string[]} */ list) => list.length > 0);
    if (isNone) found.push(...each.flat());
  }
  if (type && ![type].flat().includes(typeOf(value))) {
    found.push(`${path}: expected ${type}, got ${JSON.stringify(value)}`);
  }
  if ("const" in schema && schema.const !== value) found.push(`${path}: expected ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) found.push(`${path}: ${value} is not listed`);
  if (Array.isArray(value) && items) {
    found.push(...value.flatMap((item, n) => complaints(document, items, item, `${path}[${n}]`)));
  }
  if (typeOf(value) === "object") {
    for (const name of required) if (!(name in value)) found.push(`${path}.${name} is missing`);
    for (const [name, field] of Object.entries(value)) {
      const known = properties[name] ?? (typeof others === "object" ? others : undefined);
      if (known) found.push(...complaints(document, known, field, `${path}.${name}`));
      else if (others === false || Object.keys(properties).length > 0) {
        found.push(`${path}.${name} is not described`);
      }
    }
  }
  return found;
}

/** @param {any} document @param {string} ref */
function resolve(document, ref) {
  const parts = ref.replace("#/", "").split("/");
  return parts.reduce((at, part) => at[part], document);
}

/** @param {any} value */
function typeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
