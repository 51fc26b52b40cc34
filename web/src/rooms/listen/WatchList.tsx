import { useState } from "react";
import type { WatchTerm } from "../../api/connecting";
import { keys, useChange } from "../../api/hooks";
import { watching } from "../../api/operations";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { Empty, ProblemNote } from "../../ui/Feedback";
import { TextField } from "../../ui/Field";
import { TERM_KINDS } from "./watch";

/** More terms than these are searched rather than read. */
const MANY = 12;

/** The terms that are watched for, those of one kind together. */
export function WatchList({ terms, mayChange }: { terms: readonly WatchTerm[]; mayChange: boolean }) {
  const m = useMessages();
  const words = m.watch;
  const [find, setFind] = useState("");
  const remove = useChange((term: WatchTerm) => watching.remove(term.id), [keys.watchTerms, keys.audit]);
  const wanted = find.trim().toLocaleLowerCase();
  const shown = terms.filter(({ term }) => term.toLocaleLowerCase().includes(wanted));
  return (
    <section className="section-card" aria-labelledby="terms">
      <h2 id="terms">{words.list(terms.length)}</h2>
      {terms.length === 0 && <Empty text={words.empty} />}
      {terms.length > MANY && (
        <TextField label={words.find} type="search" value={find} onChange={(event) => setFind(event.target.value)} />
      )}
      {terms.length > 0 && shown.length === 0 && <p>{words.notFound}</p>}
      <ProblemNote problem={remove.error} />
      {TERM_KINDS.map((kind) => ({ kind, of: shown.filter((term) => term.kind === kind) }))
        .filter(({ of }) => of.length > 0)
        .map(({ kind, of }) => (
          <div key={kind} className="stack">
            <h3 className="small">{words.kinds[kind]}</h3>
            <ul className="plain-list lined" aria-label={words.kinds[kind]}>
              {of.map((term) => (
                <li key={term.id} className="source-row">
                  <div>
                    <strong>{term.term}</strong>
                    {term.unless.length > 0 && <p className="small">{words.notWhere(term.unless.join(", "))}</p>}
                  </div>
                  {mayChange && (
                    <button
                      type="button"
                      className="quiet"
                      disabled={remove.isPending}
                      onClick={() => remove.mutate(term, { onSuccess: () => announce(words.removed(term.term)) })}
                    >
                      {words.remove}
                      <span className="visually-hidden"> {term.term}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </div>
        ))}
    </section>
  );
}
