/**
 * Partners and media sources.
 * @module
 */

import { useDesk } from "../shared.js";
import { Editor, comparedFields } from "../parts/editor.js";
import { IdField, Unknown } from "../parts/entity.js";
import { Check, Choice, SelectField, TextField } from "../parts/field.js";
import { Listing } from "../parts/listing.js";
import { PageHead } from "../parts/page_head.js";
import { href } from "../route.js";
import { wholeList } from "../source.js";
import { stateAt } from "../time.js";
import { html } from "../vendor/preact.js";
import { ContractsFields } from "./contracts.js";
import { partnerBody, partnerDraft, partnerFaults } from "./partner_draft.js";

/** @typedef {import("../shapes.js").Partner} Partner */
/** @typedef {import("./partner_draft.js").PartnerDraft} PartnerDraft */
/** @typedef {{ draft: PartnerDraft, set: (change: Partial<PartnerDraft>) => void,
 *    error: (field: string) => string }} FieldsProps */

const GROUPS = ["preferred", "standard", "non_preferred"];

export function PartnersPage() {
  const { speech, program, partners } = useDesk();
  const create = html`<a class="button primary" href=${href(program.id, "partners", "new")}>
    ${speech.text("partners.create")}</a>`;
  /** @type {import("../parts/listing.js").Column[]} */
  const columns = [
    { title: speech.text("name"), size: "main", cell: (partner) => html`
      <a href=${href(program.id, "partners", partner.id)}>${partner.name}</a>
      ${partner.active === false && html`<span class="tag">${speech.text("inactive")}</span>`}` },
    { title: speech.text("partner.kind"),
      cell: (partner) => speech.term("partner_kind", partner.kind) },
    { title: speech.text("credit_group"),
      cell: (partner) => speech.term("credit_group", partner.credit_group) },
    { title: speech.text("contract"), size: "wide",
      cell: (partner) => html`<span class=${isUnderContract(partner) ? "" : "soft"}>
        ${speech.text(isUnderContract(partner) ? "contract.now" : "contract.not_now")}</span>` },
    { title: speech.term("page", "codes"), cell: (partner) => html`
      <a href=${href(program.id, "codes", "", { owner: partner.id })}>
        ${speech.text("partner.codes")}</a>` },
  ];
  return html`
    <${PageHead} title=${speech.term("page", "partners")} actions=${create}
      lead=${speech.text("partners.lead")} />
    <${Listing} label=${speech.term("page", "partners")} columns=${columns}
      source=${wholeList(partners)}
      empty=${html`<p class="empty-title">${speech.text("partners.none")}</p>
        <p>${speech.text("partners.none_text")}</p><p class="actions">${create}</p>`} />`;
}

/** @param {Partner} partner */
function isUnderContract({ contracts }) {
  const instant = (/** @type {string | null} */ at) => (at ? Date.parse(at) : null);
  return (contracts ?? []).some(({ start_at, end_at }) =>
    stateAt(instant(start_at), instant(end_at), Date.now()) === "active");
}

/** @param {{ route: import("../route.js").Route }} props */
export function PartnerPage({ route }) {
  const { base, speech, program, partners, reload } = useDesk();
  const isNew = route.id === "new";
  const partner = isNew ? null : partners.find(({ id }) => id === route.id);
  if (partner === undefined) return html`<${Unknown} page="partners" />`;
  const done = async (/** @type {any} */ answer) => {
    await reload();
    if (isNew) location.hash = href(program.id, "partners", answer.id);
  };
  const compared = comparedFields([
    ["name", speech.text("name")],
    ["active", speech.text("partner.active"), (is) => speech.text(is ? "yes" : "no")],
    ["credit_group", speech.text("credit_group"),
      (group) => speech.term("credit_group", group ?? "")],
    ["contracts", speech.text("contracts")],
  ]);
  return html`
    <${PageHead} title=${partner?.name ?? speech.text("partners.create")}
      back=${[href(program.id, "partners"), speech.term("page", "partners")]} />
    <${Editor} read=${partner} path=${`${base}/partners`} fields=${PartnerFields}
      toDraft=${(/** @type {Partner | null} */ read) => partnerDraft(read, program)}
      toBody=${(/** @type {PartnerDraft} */ draft) => partnerBody(draft, program, isNew)}
      faultsOf=${(/** @type {PartnerDraft} */ draft) => partnerFaults(draft, program)}
      compared=${compared} 
      cancel=${href(program.id, "partners")} onDone=${done} />`;
}

/** @param {FieldsProps} props */
function PartnerFields(props) {
  const { speech } = useDesk();
  const { draft, set, error } = props;
  return html`
    <fieldset class="group"><legend>${speech.text("partner.who")}</legend>
      <div class="fields">
        <${TextField} label=${speech.text("name")} value=${draft.name} error=${error("name")}
          onInput=${(/** @type {string} */ name) => set({ name })} />
        <${IdField} ...${{ draft, set, error }} />
        <${SelectField} label=${speech.text("partner.kind")} value=${draft.kind}
          options=${["partner", "media_source"].map((kind) =>
            [kind, speech.term("partner_kind", kind)])}
          onChange=${(/** @type {any} */ kind) => set({ kind })} />
        <${Check} label=${speech.text("partner.active")} checked=${draft.active}
          hint=${speech.text("partner.active_hint")}
          onChange=${(/** @type {boolean} */ active) => set({ active })} />
        <${Choice} legend=${speech.text("credit_group")} value=${draft.group} isWide=${true}
          hint=${speech.text("credit_group_hint")}
          options=${GROUPS.map((value) => ({ value, label: speech.term("credit_group", value) }))}
          onChange=${(/** @type {any} */ group) => set({ group })} />
      </div></fieldset>
    <${ContractsFields} ...${props} />`;
}
