import type { Message, Span } from "../../api/types";
import { type Mark, pieces } from "../../lib/spans";

export interface Lightable {
  id: string;
  kind: string;
  evidence: Span[];
}

/** What decided a risk or an intent is underlined all the time, the rest while its label is pointed at. */
function evidenceClass(metas: readonly string[], lit: string | null): string {
  if (lit !== null && metas.includes(lit)) return "evidence is-lit";
  return metas.some((id) => id.startsWith("risk|") || id.startsWith("intent|")) ? "evidence" : "evidence is-faint";
}

/** The words of a message, with those that decided a label marked. */
export function MessageText({ message, labels, lit }: { message: Message; labels: Lightable[]; lit: string | null }) {
  const marks: Mark<string>[] = labels.flatMap(({ id, evidence }) => evidence.map((span) => ({ span, meta: id })));
  const language = message.assessment?.language;
  return (
    <p className="message-text" lang={language === "und" ? undefined : language}>
      {pieces(message.text, marks).map((piece, index) =>
        piece.metas.length > 0 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
          <mark key={index} className={evidenceClass(piece.metas, lit)}>
            {piece.text}
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
          <span key={index}>{piece.text}</span>
        ),
      )}
    </p>
  );
}
