import { useState } from "react";
import type { OrganisationKind } from "../../api/types";
import { useMessages } from "../../i18n";
import { SelectField, TextField } from "../../ui/Field";
import { Section, type SectionProps, useSave } from "./Section";

/** Who the organisation is; the country decides the help numbers that a reply may name. */
export function OrganisationSection({ settings, etag, mayChange }: SectionProps) {
  const m = useMessages();
  const [form, setForm] = useState(settings.organisation);
  const save = useSave(etag);
  const known: [string, string][] = Object.entries(m.start.countries);
  const countries = known.some(([code]) => code === form.country)
    ? known
    : [...known, [form.country, form.country] as [string, string]];
  return (
    <Section
      id="organisation"
      title={m.trust.organisation}
      mayChange={mayChange}
      save={save}
      part={() => ({ organisation: form })}
    >
      <TextField
        label={m.trust.organisationName}
        help={m.start.organisationNameHelp}
        value={form.name}
        required
        onChange={(event) => setForm({ ...form, name: event.target.value })}
      />
      <div className="field-grid">
        <SelectField
          label={m.trust.kind}
          value={form.kind}
          options={Object.entries(m.start.kinds)}
          onChange={(event) => setForm({ ...form, kind: event.target.value as OrganisationKind })}
        />
        <SelectField
          label={m.trust.country}
          help={m.start.countryHelp}
          value={form.country}
          options={countries}
          onChange={(event) => setForm({ ...form, country: event.target.value })}
        />
        <SelectField
          label={m.trust.language}
          value={form.language}
          options={Object.entries(m.start.languages)}
          onChange={(event) => setForm({ ...form, language: event.target.value })}
        />
        <TextField
          label={m.trust.zone}
          help={m.trust.zoneHelp}
          value={form.zone}
          required
          onChange={(event) => setForm({ ...form, zone: event.target.value })}
        />
      </div>
    </Section>
  );
}
