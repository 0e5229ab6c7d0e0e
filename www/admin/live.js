/**
 * Follows what the edge answers by, until it has caught up with the newest edit made here.
 * @module
 */

import { useEffect, useRef, useState } from "./vendor/preact.js";

/** @typedef {import("./shapes.js").Publication} Publication */

/**
 * @typedef {object} Live
 * @property {Publication | null} publication as last heard
 * @property {number} wanted the revision that is waited for
 * @property {(revision: number) => void} follow an edit was made
 * @property {() => Promise<void>} look asks once, now
 */

const BETWEEN_LOOKS_MS = 1000;

/**
 * @param {() => Promise<{ state: Publication }>} ask
 * @param {unknown} key of the programme
 * @returns {Live}
 */
export function useLive(ask, key) {
  const [publication, setPublication] = useState(/** @type {Publication | null} */ (null));
  const [wanted, setWanted] = useState(0);
  const asking = useRef(ask);
  asking.current = ask;

  const look = async () => {
    const answer = await asking.current().catch(() => null);
    if (answer) setPublication(answer.state);
  };
  useEffect(() => {
    setWanted(0);
    look();
  }, [key]);
  const isBehind = publication !== null && (publication.live_revision ?? 0) < wanted;
  const isUnderWay = publication !== null && publication.held === null
    && (isBehind || Boolean(publication.folding));
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setInterval(look, BETWEEN_LOOKS_MS);
    return () => clearInterval(timer);
  }, [isUnderWay, wanted]);
  return {
    publication,
    wanted,
    follow: (revision) => {
      setWanted((old) => Math.max(old, revision));
      look();
    },
    look,
  };
}

/**
 * Where the newest edit is.
 *
 * @param {Live} live
 * @returns {"unknown" | "held" | "behind" | "live"}
 */
export function liveState({ publication, wanted }) {
  if (publication === null) return "unknown";
  if (publication.held) return "held";
  const newest = Math.max(wanted, publication.revision);
  return (publication.live_revision ?? 0) < newest ? "behind" : "live";
}
