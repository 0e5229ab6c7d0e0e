/**
 * Signing in: a token, tried before it is kept.
 * @module
 */

import { Api } from "../api.js";
import { Porch } from "../parts/chrome.js";
import { TextField } from "../parts/field.js";
import { html, useState } from "../vendor/preact.js";

/**
 * @param {{ speech: import("../language.js").Speech, speak: (language: any) => void,
 *   refusal: any, enter: (token: string) => void }} props
 */
export function SignIn({ speech, speak, refusal, enter }) {
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState(refusal);
  const [isBusy, setBusy] = useState(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const given = token.trim();
    if (given === "") return setProblem({ status: 400 });
    setBusy(true);
    try {
      await new Api(given).get("");
      enter(given);
    } catch (refused) {
      setProblem(refused);
      setBusy(false);
    }
  };
  const error = problem ? speech.text(reasonOf(problem, problem === refusal)) : "";
  return html`
    <${Porch} ...${{ speech, speak, title: speech.text("sign_in") }}>
      <p class="lead">${speech.text("sign_in.lead")}</p>
      <form class="fields one" onSubmit=${submit} noValidate>
        <${TextField} label=${speech.text("token")} type="password" value=${token}
          autocomplete="current-password" spellcheck=${false} error=${error}
          hint=${speech.text("token_hint")} onInput=${setToken} />
        <div class="actions"><button class="primary" disabled=${isBusy}>
          ${speech.text(isBusy ? "sign_in.busy" : "sign_in")}</button></div>
        <p class="hidden" role="alert">${error}</p>
      </form>
    <//>`;
}

/** @param {any} problem @param {boolean} wasSignedIn */
function reasonOf({ status }, wasSignedIn) {
  if (status === 400) return "sign_in.empty";
  if (status === 401) return wasSignedIn ? "sign_in.ended" : "sign_in.unknown";
  if (status === 403) return "sign_in.scope";
  if (status === 404) return "sign_in.no_admin";
  return status === 0 ? "problem.offline" : "problem.server";
}
