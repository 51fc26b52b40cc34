import { listen } from "../../api/operations";
import type { Import } from "../../api/types";
import { useMessages } from "../../i18n";
import { State, useNumber, When } from "./parts";

const TONES = { running: "neutral", done: "ok", failed: "bad", paused: "neutral" } as const;

/** One import with how far it is and what became of its rows. */
export function ImportRow({ item }: { item: Import }) {
  const m = useMessages();
  const number = useNumber();
  return (
    <div className="stack">
      <div className="source-row">
        <div>
          <strong>{item.name}</strong>
          <p className="small numeric">
            {m.listen.importCounts(number(item.accepted), number(item.known), number(item.rejected))} ·{" "}
            <When at={item.created_at} />
          </p>
          {item.error && <p className="small">{item.error}</p>}
        </div>
        <State tone={TONES[item.state]} text={m.listen.importStates[item.state]} />
      </div>
      {item.state === "running" && (
        <progress
          className="import-bar"
          aria-label={`${m.listen.progress}: ${item.name}`}
          max={Math.max(item.total_bytes, 1)}
          value={item.done_bytes}
        />
      )}
      {item.rejected > 0 && (
        <p>
          <a href={listen.rejectedAddress(item.id)} download>
            {m.listen.rejectedRows}
          </a>
        </p>
      )}
    </div>
  );
}

export function Imports({ items }: { items: Import[] }) {
  const m = useMessages();
  return (
    <section className="section-card" aria-labelledby="imports">
      <h2 id="imports">{m.listen.imports}</h2>
      <ul className="plain-list lined">
        {items.map((item) => (
          <li key={item.id}>
            <ImportRow item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}
