import { Problem } from "../../../api/client";
import type { NetworkShape } from "../../../api/connecting";
import { useMessages } from "../../../i18n";
import { SelectField, TextField } from "../../../ui/Field";
import type { FieldName, FieldOf, Form } from "./ways";

const TLS = ["tls", "starttls", "none"] as const;
const HEARS = ["everything", "watch_terms"] as const;

const KIND: Partial<Record<FieldName, "url" | "number">> = { address: "url", smtp_port: "number" };

/** The fields of a form, each with the network's own word for it where it has one. */
export function FormFields({
  network,
  fields,
  form,
  change,
  empty,
  problem,
}: {
  network: NetworkShape;
  fields: readonly FieldOf[];
  form: Form;
  change: (part: Partial<Form>) => void;
  /** The fields that are needed and were left empty. */
  empty: readonly FieldName[];
  problem: unknown;
}) {
  const m = useMessages();
  const words = m.connect;
  const said = (name: string) => (problem instanceof Problem ? problem.field(name) : undefined);
  const help = (name: FieldName) =>
    name === "address" && network.home ? words.home : (words.help[`${network.name}_${name}`] ?? words.help[name]);
  return fields.map(({ name, needed, secret }) => {
    const label = words.fields[`${network.name}_${name}`] ?? words.fields[name] ?? name;
    if (name === "smtp_tls") {
      return (
        <SelectField
          key={name}
          label={label}
          value={form.smtp_tls}
          onChange={(event) => change({ smtp_tls: event.target.value })}
          options={TLS.map((way) => [way, words.tls[way]] as const)}
        />
      );
    }
    if (name === "hears") {
      return (
        <SelectField
          key={name}
          label={label}
          help={help(name)}
          value={form.hears}
          onChange={(event) => change({ hears: event.target.value })}
          options={HEARS.map((what) => [what, words.hears[what]] as const)}
        />
      );
    }
    return (
      <TextField
        key={name}
        label={label}
        help={help(name)}
        type={secret ? "password" : (KIND[name] ?? "text")}
        autoComplete={secret ? "new-password" : "off"}
        required={needed}
        value={form[name]}
        onChange={(event) => change({ [name]: event.target.value })}
        error={empty.includes(name) ? m.listen.fieldNeeds : said(name === "address" ? "base_url" : name)}
      />
    );
  });
}
