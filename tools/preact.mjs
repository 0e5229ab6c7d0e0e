/**
 * What the admin page uses of its framework; `npm run build -- page` makes one file of it. Preact
 * (5 kB) keeps forms and lists in step with their data, and htm writes its trees in plain modules,
 * so that the page itself needs no build.
 * @module
 */

import htm from "htm";
import { h } from "preact";

export { createContext, render } from "preact";
export {
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";

/** @typedef {(strings: TemplateStringsArray, ...values: any[]) => any} Html */

// The types of htm are those of its CommonJS form, and we import the other.
export const html = /** @type {Html} */ (/** @type {any} */ (htm).bind(h));
