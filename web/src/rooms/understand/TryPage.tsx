import { type FormEvent, useState } from "react";
import { useChange } from "../../api/hooks";
import { understand } from "../../api/operations";
import type { Message } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { ProblemNote } from "../../ui/Feedback";
import { TextArea } from "../../ui/Field";
import { Labels } from "../answer/Labels";
import { asMessage, lightsOf } from "../answer/labels";
import { MessageText } from "../answer/MessageText";
import "../listen/listen.css";
import "./understand.css";

/** A text to try: what is read in it, and why. Nothing is stored. */
export function TryPage() {
  const m = useMessages();
  const [text, setText] = useState("");
  const read = useChange(async (tried: string) => asMessage(tried, await understand.read(tried)), []);
  useTitle(m.understand.tryTitle);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) read.mutate(text);
  };
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{m.understand.tryTitle}</h1>
          <p>{m.understand.tryLead}</p>
        </div>
      </header>
      <section className="section-card" aria-label={m.understand.tryTitle}>
        <form className="stack" onSubmit={submit}>
          <TextArea
            label={m.understand.tryLabel}
            rows={3}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="row-actions">
            <button type="submit" className="primary" disabled={read.isPending}>
              {m.understand.tryIt}
            </button>
          </div>
        </form>
        <ProblemNote problem={read.error} />
        <div role="status">{read.data && <Outcome key={read.data.text} message={read.data} />}</div>
      </section>
    </div>
  );
}

function Outcome({ message }: { message: Message }) {
  const m = useMessages();
  const [lit, setLit] = useState<string | null>(null);
  return (
    <div className="stack">
      <p>
        <strong>{m.understand.tryRank(message.priority, m.understand.rankNames[message.priority] ?? "")}</strong>
      </p>
      <MessageText message={message} labels={lightsOf(message)} lit={lit} />
      <Labels message={message} conversation="" onLit={setLit} readOnly />
    </div>
  );
}
