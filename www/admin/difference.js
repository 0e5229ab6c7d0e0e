/**
 * What differs between two versions of an entity, field by field.
 * @module
 */

/** @typedef {{ path: string, before: unknown, after: unknown }} Difference undefined: not there */

/** Of every entity, and no news: each edit counts them up. */
const COUNTED = new Set(["version", "revision"]);

/**
 * The fields that differ, by path. Lists of plain values are compared as a whole, lists of objects
 * by their ids or places.
 *
 * @param {any} before null for what was made
 * @param {any} after null for what is gone
 * @returns {Difference[]}
 */
export function differences(before, after) {
  return within(before ?? {}, after ?? {}, "");
}

/** @param {any} before @param {any} after @param {string} prefix @returns {Difference[]} */
function within(before, after, prefix) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const told = names.filter((name) => prefix !== "" || !COUNTED.has(name));
  return told.flatMap((name) => between(before[name], after[name], `${prefix}${name}`));
}

/** @param {any} before @param {any} after @param {string} path @returns {Difference[]} */
function between(before, after, path) {
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  if (isTree(before) && isTree(after)) return within(named(before), named(after), `${path}.`);
  return [{ path, before: before ?? undefined, after: after ?? undefined }];
}

/** @param {any} value @returns {boolean} */
function isTree(value) {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => isTree(item));
  return typeof value === "object" && value !== null;
}

/** The items of a list by id or place; an object as it is. @param {any} value */
function named(value) {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(value.map((item, index) => [item.id ?? index + 1, item]));
}
