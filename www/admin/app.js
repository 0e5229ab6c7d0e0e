/**
 * The page as a whole: who is signed in, which programme is open, and which of its pages.
 * @module
 */

import { Api } from "./api.js";
import { loadSpeech, rememberLanguage } from "./language.js";
import { Office } from "./office.js";
import { SignIn } from "./pages/sign_in.js";
import { ChooseProgram } from "./pages/choose_program.js";
import { useRoute } from "./route.js";
import { forgetToken, storeToken, storedToken } from "./session.js";
import { html, useEffect, useMemo, useState } from "./vendor/preact.js";

/** @typedef {import("./language.js").Language} Language */
/** @typedef {import("./language.js").Speech} Speech */

/** @param {{ speech: Speech }} props */
export function App(props) {
  const [speech, setSpeech] = useState(props.speech);
  const [token, setToken] = useState(storedToken);
  const [refusal, setRefusal] = useState(/** @type {any} */ (null));
  const route = useRoute();
  const leave = (/** @type {any} */ problem = null) => {
    forgetToken();
    setToken(null);
    setRefusal(problem);
  };
  const api = useMemo(() => (token === null ? null : new Api(token, leave)), [token]);
  useEffect(() => {
    document.documentElement.lang = speech.language;
  }, [speech]);

  const speak = async (/** @type {Language} */ language) => {
    rememberLanguage(language);
    setSpeech(await loadSpeech(language));
  };
  const enter = (/** @type {string} */ given) => {
    storeToken(given);
    setRefusal(null);
    setToken(given);
  };
  const common = { speech, speak, leave: () => leave() };
  if (api === null) return html`<${SignIn} ...${{ ...common, refusal, enter }} />`;
  if (route.program === "") return html`<${ChooseProgram} ...${{ ...common, api }} />`;
  return html`<${Office} key=${route.program} ...${{ ...common, api, route }} />`;
}
