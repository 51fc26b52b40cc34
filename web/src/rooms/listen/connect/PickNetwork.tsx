import { Link } from "@tanstack/react-router";
import type { FormEvent } from "react";
import type { NetworkShape } from "../../../api/connecting";
import { useMessages } from "../../../i18n";
import { inShort } from "./ways";

/** Every network with what can be heard and done there, in few words. */
export function PickNetwork({
  networks,
  chosen,
  choose,
  onNext,
}: {
  networks: readonly NetworkShape[];
  chosen: NetworkShape;
  choose: (network: NetworkShape) => void;
  onNext: () => void;
}) {
  const m = useMessages();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onNext();
  };
  const short = (network: NetworkShape) =>
    inShort(network.capabilities)
      .map((name) => m.connect.short[name] ?? name)
      .join(", ");
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="pick-list two">
        <legend>{m.listen.network}</legend>
        {networks.map((network) => (
          <label key={network.name} className="pick">
            <input
              type="radio"
              name="network"
              checked={chosen.name === network.name}
              onChange={() => choose(network)}
            />
            <span className="pick-words">
              <strong>{m.connect.networks[network.name] ?? network.title}</strong>
              {m.connect.about[network.name] && <span className="small">{m.connect.about[network.name]}</span>}
              <span className="small">{short(network)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="row-actions">
        <button type="submit" className="primary">
          {m.listen.next}
        </button>
        <Link to="/listen/import" className="button-link">
          {m.listen.importFile}
        </Link>
      </div>
    </form>
  );
}
