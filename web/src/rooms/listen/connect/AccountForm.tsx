import { type FormEvent, useState } from "react";
import { flushSync } from "react-dom";
import type { NetworkShape } from "../../../api/connecting";
import { useMessages } from "../../../i18n";
import { ProblemNote } from "../../../ui/Feedback";
import { Contacts } from "./Contacts";
import { FormFields } from "./FormFields";
import { answers, type Form, type FormWay, fieldsOf, missing, RENEWAL } from "./ways";

/** The form of an account that is connected with something a person types in. */
export function AccountForm({
  network,
  way,
  form,
  change,
  problem,
  pending,
  onBack,
  onConnect,
}: {
  network: NetworkShape;
  way: FormWay;
  form: Form;
  change: (part: Partial<Form>) => void;
  problem: unknown;
  pending: boolean;
  onBack: () => void;
  onConnect: () => void;
}) {
  const m = useMessages();
  const [tried, setTried] = useState(false);
  const left = missing(network.name, way, form);
  const shared = { network, form, change, problem, empty: tried ? left : [] };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (left.length === 0) return onConnect();
    const shown = event.currentTarget;
    flushSync(() => setTried(true));
    shown.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <FormFields {...shared} fields={fieldsOf(network.name, way)} />
      {way === "token" && (
        <details>
          <summary>{m.connect.renewal}</summary>
          <div className="stack">
            <p className="small">{m.connect.renewalHelp}</p>
            <FormFields {...shared} fields={RENEWAL} />
          </div>
        </details>
      )}
      {answers(network) && <Contacts form={form} change={change} problem={problem} />}
      <ProblemNote problem={problem} />
      <div className="row-actions">
        <button type="submit" className="primary" disabled={pending}>
          {pending ? m.listen.connecting : m.listen.connect}
        </button>
        <button type="button" onClick={onBack}>
          {m.common.back}
        </button>
      </div>
    </form>
  );
}
