import type { NetworkShape } from "../../../api/connecting";
import { useMessages } from "../../../i18n";
import type { Way } from "./ways";

/** What Bedside needs there and why; where nothing is asked for by name, what is possible there. */
export function Needs({ network, way }: { network: NetworkShape; way: Way }) {
  const m = useMessages();
  const asked = way === "authorisation" ? network.permissions : [];
  const told =
    network.name === "wordpress"
      ? Object.values(m.listen.wordpressNeeds)
      : network.name === "feed"
        ? [m.listen.feedNeeds]
        : [];
  const can = network.capabilities.map((name) => m.listen.capabilities[name] ?? name.replaceAll("_", " "));
  const reads = network.sources.map((kind) => m.connect.sourceKinds[kind] ?? kind.replaceAll("_", " "));
  return (
    <div className="why-box stack">
      {(asked.length > 0 || told.length > 0) && (
        <div>
          <h3>{m.listen.permissions}</h3>
          <ul>
            {told.map((need) => (
              <li key={need}>{need}</li>
            ))}
            {asked.map(({ scope, what_for }) => (
              <li key={scope}>
                <code>{scope}</code>: {what_for}
              </li>
            ))}
          </ul>
        </div>
      )}
      {told.length === 0 && (
        <dl className="fact-list">
          <dt>{m.connect.reads}</dt>
          <dd>{reads.join(", ")}</dd>
          <dt>{m.connect.mayThere}</dt>
          <dd>{can.join(", ")}</dd>
        </dl>
      )}
    </div>
  );
}
