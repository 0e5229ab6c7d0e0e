/**
 * Which programme to open; with one there is nothing to choose.
 * @module
 */

import { useAnswer } from "../shared.js";
import { Porch } from "../parts/chrome.js";
import { href, replaceRoute } from "../route.js";
import { html, useEffect } from "../vendor/preact.js";

/**
 * @param {{ speech: import("../language.js").Speech, speak: (language: any) => void,
 *   api: import("../api.js").Api, leave: () => void }} props
 */
export function ChooseProgram({ speech, speak, api, leave }) {
  const { value, problem } = useAnswer(() => api.get(""), "programs");
  /** @type {import("../shapes.js").ProgramName[] | undefined} */
  const programs = value?.items;
  const only = programs?.length === 1 ? programs[0].id : null;
  useEffect(() => {
    if (only !== null) replaceRoute(href(only, "codes"));
  }, [only]);
  return html`
    <${Porch} ...${{ speech, speak, title: speech.text("choose_program") }}>
      ${problem && html`<p class="notice bad" role="alert">${speech.text("problem.server")}</p>`}
      ${!programs && !problem && html`<p class="soft">${speech.text("loading")}</p>`}
      ${programs?.length === 0 && html`<p>${speech.text("no_programs")}</p>`}
      <ul class="programs">
        ${(programs ?? []).map(({ id, name }) => html`
          <li key=${id}><a href=${href(id, "codes")}><b>${name ?? id}</b>
            <span class="soft">${name === null ? speech.text("no_catalog") : id}</span></a></li>`)}
      </ul>
      <div class="actions"><button type="button" class="quiet" onClick=${leave}>
        ${speech.text("sign_out")}</button></div>
    <//>`;
}
