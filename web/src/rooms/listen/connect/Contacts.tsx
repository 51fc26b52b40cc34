import { Problem } from "../../../api/client";
import { useMessages } from "../../../i18n";
import { CheckField, TextField } from "../../../ui/Field";
import type { Form } from "./ways";

/** How the public reaches the organisation: only these may stand in a reply. */
export function Contacts({
  form,
  change,
  problem,
}: {
  form: Form;
  change: (part: Partial<Form>) => void;
  problem: unknown;
}) {
  const words = useMessages().listen;
  const said = (name: string) => (problem instanceof Problem ? problem.field(name) : undefined);
  return (
    <fieldset className="pick-list">
      <legend>{words.contacts}</legend>
      <p className="small">{words.contactsHelp}</p>
      <div className="field-grid">
        <TextField
          label={words.phone}
          type="tel"
          value={form.phone}
          onChange={(event) => change({ phone: event.target.value })}
          error={said("phone")}
        />
        <TextField
          label={words.email}
          type="email"
          value={form.email}
          onChange={(event) => change({ email: event.target.value })}
          error={said("email")}
        />
      </div>
      <TextField
        label={words.url}
        type="url"
        value={form.url}
        onChange={(event) => change({ url: event.target.value })}
        error={said("url")}
      />
      <CheckField
        label={words.part2}
        checked={form.part2}
        onChange={(event) => change({ part2: event.target.checked })}
      />
    </fieldset>
  );
}
