import { type FormEvent, useState } from "react";
import { Problem } from "../../../api/client";
import type { NetworkShape, Registration } from "../../../api/connecting";
import { keys, useChange } from "../../../api/hooks";
import { connecting } from "../../../api/operations";
import { useMessages } from "../../../i18n";
import { announce } from "../../../ui/announce";
import { ProblemNote } from "../../../ui/Feedback";
import { TextField } from "../../../ui/Field";

/** Adds a registration with a network, or changes one; its secret goes in and never comes out. */
export function RegistrationForm({
  network,
  kept,
  onSaved,
  onCancel,
}: {
  network: NetworkShape;
  kept: Registration | null;
  onSaved: (registration: Registration) => void;
  onCancel?: () => void;
}) {
  const m = useMessages();
  const words = m.connect.registration;
  const [form, setForm] = useState({
    name: kept?.name ?? network.title,
    base_url: kept?.base_url ?? network.home ?? "",
    client_id: kept?.client_id ?? "",
    client_secret: "",
  });
  const [tried, setTried] = useState(false);
  const save = useChange(
    (body: typeof form) =>
      kept
        ? connecting.changeRegistration(kept.id, body, kept.version)
        : connecting.addRegistration({ ...body, network: network.name }),
    [keys.registrations, keys.audit],
  );
  const problem = save.error;
  const error = (name: "name" | "base_url" | "client_id" | "client_secret") => {
    if (tried && name !== "client_secret" && form[name].trim() === "") return m.listen.fieldNeeds;
    return problem instanceof Problem ? problem.field(name) : undefined;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ([form.name, form.base_url, form.client_id].some((value) => value.trim() === "")) return;
    save.mutate(form, {
      onSuccess: (saved) => {
        announce(words.saved);
        onSaved(saved);
      },
    });
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField
        label={m.connect.fields.name ?? ""}
        value={form.name}
        required
        onChange={(event) => setForm({ ...form, name: event.target.value })}
        error={error("name")}
      />
      <TextField
        label={words.server}
        help={network.home ? m.connect.home : m.connect.help[`${network.name}_address`]}
        type="url"
        value={form.base_url}
        required
        onChange={(event) => setForm({ ...form, base_url: event.target.value })}
        error={error("base_url")}
      />
      <TextField
        label={m.connect.fields.client_id ?? ""}
        value={form.client_id}
        required
        autoComplete="off"
        onChange={(event) => setForm({ ...form, client_id: event.target.value })}
        error={error("client_id")}
      />
      <TextField
        label={m.connect.fields.client_secret ?? ""}
        help={kept?.has_secret ? words.secretKept : words.secretHelp}
        type="password"
        autoComplete="new-password"
        value={form.client_secret}
        onChange={(event) => setForm({ ...form, client_secret: event.target.value })}
        error={error("client_secret")}
      />
      <ProblemNote problem={problem} />
      <div className="row-actions">
        <button type="submit" disabled={save.isPending}>
          {words.save}
        </button>
        {onCancel && (
          <button type="button" className="quiet" onClick={onCancel}>
            {m.common.cancel}
          </button>
        )}
      </div>
    </form>
  );
}
