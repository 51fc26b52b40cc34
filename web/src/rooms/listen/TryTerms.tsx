import { type FormEvent, useState } from "react";
import type { WatchHit } from "../../api/connecting";
import { useChange } from "../../api/hooks";
import { watching } from "../../api/operations";
import { useMessages } from "../../i18n";
import { fromUtf8, pieces } from "../../lib/spans";
import { ProblemNote } from "../../ui/Feedback";
import { TextArea } from "../../ui/Field";

/** A text to try the watch terms on, with what they found in it marked. */
export function TryTerms() {
  const m = useMessages();
  const words = m.watch;
  const [text, setText] = useState("");
  const attempt = useChange(
    async (tried: string) => ({ text: tried, hits: (await watching.attempt(tried)).items }),
    [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) attempt.mutate(text);
  };
  return (
    <section className="section-card" aria-labelledby="try-terms">
      <div>
        <h2 id="try-terms">{words.tryTitle}</h2>
        <p className="small">{words.tryLead}</p>
      </div>
      <form className="stack" onSubmit={submit}>
        <TextArea label={words.tryLabel} rows={3} value={text} onChange={(event) => setText(event.target.value)} />
        <div className="row-actions">
          <button type="submit" disabled={attempt.isPending}>
            {words.tryIt}
          </button>
        </div>
      </form>
      <ProblemNote problem={attempt.error} />
      <div role="status">{attempt.data && <Found {...attempt.data} />}</div>
    </section>
  );
}

function Found({ text, hits }: { text: string; hits: readonly WatchHit[] }) {
  const words = useMessages().watch;
  const marks = hits.map(({ term, start, end }) => ({ span: fromUtf8(text, [start, end]), meta: term }));
  return (
    <div className="stack">
      <p>
        <strong>{words.hits(hits.length)}</strong>
      </p>
      <p className="message-text">
        {pieces(text, marks).map((piece, index) =>
          piece.metas.length > 0 ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
            <mark key={index} className="evidence is-lit" title={piece.metas.join(", ")}>
              {piece.text}
            </mark>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
            <span key={index}>{piece.text}</span>
          ),
        )}
      </p>
    </div>
  );
}
