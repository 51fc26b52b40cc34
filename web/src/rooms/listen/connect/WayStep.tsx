import { useState } from "react";
import type { NetworkShape } from "../../../api/connecting";
import { useMessages } from "../../../i18n";
import { AccountForm } from "./AccountForm";
import { Authorise } from "./Authorise";
import { Needs } from "./Needs";
import { type Form, type FormWay, type Way, waysOf } from "./ways";

/** The second step: in which way, what Bedside needs there and why, and the form or the way to the network. */
export function WayStep({
  network,
  form,
  change,
  problem,
  pending,
  onBack,
  onConnect,
}: {
  network: NetworkShape;
  form: Form;
  change: (part: Partial<Form>) => void;
  problem: unknown;
  pending: boolean;
  onBack: () => void;
  onConnect: (way: FormWay) => void;
}) {
  const m = useMessages();
  const ways = waysOf(network);
  const [picked, setPicked] = useState<Way | undefined>(ways[0]);
  if (!picked) return <p>{m.connect.noWay}</p>;
  return (
    <div className="stack">
      {ways.length > 1 && (
        <fieldset className="pick-list">
          <legend>{m.connect.way}</legend>
          {ways.map((way) => (
            <label key={way} className="pick">
              <input type="radio" name="way" checked={picked === way} onChange={() => setPicked(way)} />
              {m.connect.ways[way]}
            </label>
          ))}
        </fieldset>
      )}
      <Needs network={network} way={picked} />
      {picked === "authorisation" ? (
        <Authorise network={network} onBack={onBack} />
      ) : (
        <AccountForm
          key={picked}
          network={network}
          way={picked}
          form={form}
          change={change}
          problem={problem}
          pending={pending}
          onBack={onBack}
          onConnect={() => onConnect(picked)}
        />
      )}
    </div>
  );
}
