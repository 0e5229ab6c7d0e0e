/**
 * What every page of a programme works with: the calls, the texts, the programme's settings, its
 * partners and deals, and the way to say what happened.
 * @module
 */

import { createContext, useContext, useEffect, useState } from "./vendor/preact.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./shapes.js").Deal} Deal */
/** @typedef {import("./shapes.js").Partner} Partner */
/** @typedef {import("./shapes.js").Program} Program */

/**
 * @typedef {object} Desk
 * @property {Api} api
 * @property {import("./language.js").Speech} speech
 * @property {Program} program
 * @property {Partner[]} partners
 * @property {Deal[]} deals
 * @property {string} base the programme's path, for calls
 * @property {() => Promise<void>} reload reads programme, partners and deals again
 * @property {(text: string) => void} announce says it to those who listen
 * @property {import("./live.js").Live} live
 */

const Context = createContext(/** @type {Desk} */ (/** @type {unknown} */ (null)));

export const DeskProvider = Context.Provider;

/** @returns {Desk} */
export function useDesk() {
  return useContext(Context);
}

/** The texts alone, for parts that need nothing else. */
export function useText() {
  const { speech } = useContext(Context);
  return speech;
}

/**
 * What a call answers, asked again when `key` changes.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {unknown} key
 * @returns {{ value: T | null, problem: any, reload: () => void,
 *   set: (value: T) => void }}
 */
export function useAnswer(ask, key) {
  const [state, setState] = useState({ value: /** @type {T | null} */ (null), problem: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    ask().then(
      (value) => isCurrent && setState({ value, problem: null }),
      (problem) => isCurrent && setState((old) => ({ ...old, problem })),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn]);
  return {
    ...state,
    reload: () => setTurn((turn) => turn + 1),
    set: (value) => setState({ value, problem: null }),
  };
}

/**
 * Names of entities by id, and the id where there is no such entity.
 *
 * @param {{ id: string, name: string }[]} entities
 * @param {string | null} id
 */
export function nameOf(entities, id) {
  return entities.find((entity) => entity.id === id)?.name ?? id ?? "";
}
