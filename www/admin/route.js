/**
 * Where one is: `#/<programme>/<page>/<id>?<filters>`. The token is never part of it.
 * @module
 */

import { useEffect, useState } from "./vendor/preact.js";

/**
 * @typedef {object} Route
 * @property {string} program "" before one is chosen
 * @property {string} page
 * @property {string} id "" for the page's list
 * @property {URLSearchParams} query
 */

/** @param {string} hash @returns {Route} */
export function parseRoute(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [program = "", page = "", ...id] = path.split("/").map(decoded);
  return { program, page, id: id.join("/"), query: new URLSearchParams(query) };
}

/**
 * @param {string} program
 * @param {string} [page]
 * @param {string} [id]
 * @param {Record<string, string>} [query] left out where empty
 */
export function href(program, page, id, query = {}) {
  const parts = [program, page ?? "", id ?? ""].filter((part) => part !== "");
  const given = Object.entries(query).filter(([, value]) => value !== "");
  const text = new URLSearchParams(given).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text && `?${text}`}`;
}

/** The route, kept in step with the address. @returns {Route} */
export function useRoute() {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

/**
 * Changes the address without a step in the history, as filters do.
 *
 * @param {string} hash
 */
export function replaceRoute(hash) {
  history.replaceState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
