/**
 * Whether what was edited is what the edge answers by.
 * @module
 */

import { useDesk } from "../shared.js";
import { liveState } from "../live.js";
import { href } from "../route.js";
import { html } from "../vendor/preact.js";

export function LiveMark() {
  const { live, speech, program } = useDesk();
  const state = liveState(live);
  if (state === "unknown") return html`<span></span>`;
  const folding = live.publication?.folding;
  const share = folding && folding.total > 0 ? folding.done / folding.total : 0;
  return html`
    <span role="status">
      <a class=${`live ${state}`} href=${href(program.id, "publications")}
        title=${speech.term("live_hint", state)}>
        <span class="dot" aria-hidden="true"></span>
        <span>${speech.term("live", state)}${folding && state === "behind"
          ? ` ${speech.percent(Math.floor(share * 100) * 100)}` : ""}</span>
      </a></span>`;
}
