/**
 * One programme's pages, with what they share.
 * @module
 */

import { DeskProvider, useAnswer } from "./shared.js";
import { useLive } from "./live.js";
import { AuditPage } from "./pages/audit.js";
import { CodePage } from "./pages/code.js";
import { CodesPage } from "./pages/codes.js";
import { DealPage, DealsPage } from "./pages/deals.js";
import { ListPage, ListsPage } from "./pages/lists.js";
import { NewProgram } from "./pages/new_program.js";
import { PartnerPage, PartnersPage } from "./pages/partners.js";
import { PublicationsPage } from "./pages/publications.js";
import { RequestsPage } from "./pages/requests.js";
import { SettingsPage } from "./pages/settings.js";
import { UploadPage } from "./pages/upload.js";
import { UploadsPage } from "./pages/uploads.js";
import { Brand, LanguageSelect, Menu, PAGES } from "./parts/chrome.js";
import { LiveMark } from "./parts/live_mark.js";
import { ProblemNotice } from "./parts/notice.js";
import { href } from "./route.js";
import { html, useMemo, useState } from "./vendor/preact.js";

/** @typedef {import("./shared.js").Desk} Desk */
/** @typedef {import("./route.js").Route} Route */

/** The page of a list, and the page of one thing in it. @type {Record<string, [any, any?]>} */
const VIEWS = {
  codes: [CodesPage, CodePage],
  uploads: [UploadsPage, UploadPage],
  requests: [RequestsPage],
  deals: [DealsPage, DealPage],
  partners: [PartnersPage, PartnerPage],
  lists: [ListsPage, ListPage],
  settings: [SettingsPage],
  publications: [PublicationsPage],
  audit: [AuditPage],
};

/**
 * @param {{ api: import("./api.js").Api, route: Route, speech: Desk["speech"],
 *   speak: (language: any) => void, leave: () => void }} props
 */
export function Office({ api, route, speech, speak, leave }) {
  const base = `/${encodeURIComponent(route.program)}`;
  const shared = useAnswer(() => readShared(api, base), route.program);
  const live = useLive(() => api.get(`${base}/snapshots`), route.program);
  const [said, setSaid] = useState("");
  const programs = useAnswer(() => api.get(""), "programs");
  const page = PAGES.includes(/** @type {any} */ (route.page)) ? route.page : "codes";

  const desk = useMemo(() => ({
    ...{ api, speech, base, live },
    ...(shared.value ?? { program: placeholder(route.program), partners: [], deals: [] }),
    reload: async () => {
      shared.set(await readShared(api, base));
      programs.reload();
    },
    // A text that is said twice is only heard twice when the region was empty between.
    announce: (/** @type {string} */ text) => {
      setSaid("");
      setTimeout(() => setSaid(text));
    },
  }), [api, speech, base, live, shared.value]);

  const isEmpty = shared.value === null && shared.problem?.status === 404;
  const View = VIEWS[page][route.id === "" ? 0 : 1] ?? VIEWS[page][0];
  return html`
    <${DeskProvider} value=${desk}>
      <a class="skip" href="#main" onClick=${skip}>${speech.text("skip")}</a>
      <header class="top">
        <${Brand} />
        <${ProgramSelect} ...${{ speech, programs: programs.value?.items, route }} />
        <${LiveMark} />
        <div class="top-end">
          <${LanguageSelect} ...${{ speech, speak }} />
          <button type="button" class="quiet" onClick=${leave}>${speech.text("sign_out")}</button>
        </div>
      </header>
      <div class="office">
        <${Menu} ...${{ speech, program: route.program, page }} />
        <main id="main" tabindex="-1">
          ${isEmpty ? html`<${NewProgram} />`
            : html`<${ProblemNotice} problem=${shared.problem} />`}
          ${shared.value && html`<${View} key=${`${page}/${route.id}`} route=${route} />`}
          ${!shared.value && !shared.problem && html`<p class="soft">${speech.text("loading")}</p>`}
        </main>
      </div>
      <div class="hidden" role="status" aria-live="polite">${said}</div>
    <//>`;
}

/** The hash is the route, so the link moves the focus itself. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** @param {import("./api.js").Api} api @param {string} base */
async function readShared(api, base) {
  const [program, partners, deals] = await Promise.all([
    api.get(base),
    api.all(`${base}/partners`),
    api.all(`${base}/deals`),
  ]);
  return { program, partners, deals };
}

/** What is shown of a programme before its settings have arrived. @param {string} id */
function placeholder(id) {
  return /** @type {import("./shapes.js").Program} */ (
    /** @type {unknown} */ ({ id, name: id, currency: "USD", time_zone: "UTC", event_types: [] })
  );
}

/**
 * @param {{ speech: Desk["speech"], route: Route,
 *   programs?: import("./shapes.js").ProgramName[] }} props
 */
function ProgramSelect({ speech, programs, route }) {
  if (!programs) return null;
  if (programs.length === 1) {
    return html`<p class="program"><b>${programs[0].name ?? programs[0].id}</b></p>`;
  }
  return html`
    <label class="program">
      <span class="hidden">${speech.text("program")}</span>
      <select value=${route.program} onChange=${(/** @type {any} */ event) => {
        location.hash = href(event.currentTarget.value, route.page);
      }}>
        ${programs.map(({ id, name }) =>
          html`<option key=${id} value=${id} selected=${id === route.program}>
            ${name ?? id}</option>`)}
      </select>
    </label>`;
}
