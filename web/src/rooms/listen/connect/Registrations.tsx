import { useState } from "react";
import type { NetworkShape, Registration } from "../../../api/connecting";
import { keys, useChange } from "../../../api/hooks";
import { connecting } from "../../../api/operations";
import { useMessages } from "../../../i18n";
import { announce } from "../../../ui/announce";
import { CopyButton } from "../../../ui/Copy";
import { ProblemNote } from "../../../ui/Feedback";
import { RegistrationForm } from "./RegistrationForm";
import { returnAddress } from "./returned";

type Doing = "add" | "change" | "remove" | null;

/** The organisation's registrations with a network: which one asks, and how one is added, changed and removed. */
export function Registrations({
  network,
  known,
  chosen,
  choose,
}: {
  network: NetworkShape;
  known: readonly Registration[];
  chosen: Registration | null;
  choose: (id: string | null) => void;
}) {
  const m = useMessages();
  const words = m.connect.registration;
  const [doing, setDoing] = useState<Doing>(null);
  const remove = useChange((id: string) => connecting.removeRegistration(id), [keys.registrations, keys.audit]);
  const address = returnAddress(window.location.origin);
  const done = (saved: Registration) => {
    setDoing(null);
    choose(saved.id);
  };
  const first = known.length === 0;
  return (
    <section className="stack" aria-labelledby="registrations">
      <div>
        <h3 id="registrations">{words.title}</h3>
        <p className="small">{words.lead(network.title)}</p>
      </div>
      <div>
        <p className="small">{words.returns}</p>
        <div className="row-actions">
          <code className="breakable">{address}</code>
          <CopyButton text={address} what={words.returns} />
        </div>
      </div>
      {!first && (
        <fieldset className="pick-list">
          <legend>{words.pick}</legend>
          {known.map((one) => (
            <label key={one.id} className="pick">
              <input
                type="radio"
                name="registration"
                checked={chosen?.id === one.id}
                onChange={() => {
                  choose(one.id);
                  setDoing(null);
                }}
              />
              <span>
                {one.name} <span className="small">{one.client_id}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {!first && doing === null && (
        <div className="row-actions">
          <button type="button" className="quiet" onClick={() => setDoing("add")}>
            {words.add}
          </button>
          {chosen && (
            <>
              <button type="button" className="quiet" onClick={() => setDoing("change")}>
                {words.change}
                <span className="visually-hidden"> {chosen.name}</span>
              </button>
              <button type="button" className="quiet" onClick={() => setDoing("remove")}>
                {words.remove}
                <span className="visually-hidden"> {chosen.name}</span>
              </button>
            </>
          )}
        </div>
      )}
      {(first || doing === "add") && (
        <RegistrationForm
          network={network}
          kept={null}
          onSaved={done}
          onCancel={first ? undefined : () => setDoing(null)}
        />
      )}
      {doing === "change" && chosen && (
        <RegistrationForm
          key={chosen.id}
          network={network}
          kept={chosen}
          onSaved={done}
          onCancel={() => setDoing(null)}
        />
      )}
      {doing === "remove" && chosen && (
        <div className="why-box stack">
          <p>
            <strong>{words.removeTitle}</strong> {chosen.name}
          </p>
          <p>{words.removeLead}</p>
          <ProblemNote problem={remove.error} />
          <div className="row-actions">
            <button
              type="button"
              className="danger"
              disabled={remove.isPending}
              onClick={() =>
                remove.mutate(chosen.id, {
                  onSuccess: () => {
                    setDoing(null);
                    choose(null);
                    announce(words.removed);
                  },
                })
              }
            >
              {words.remove}
            </button>
            <button type="button" onClick={() => setDoing(null)}>
              {m.common.cancel}
            </button>
          </div>
        </div>
      )}
    </section>
  );
}
