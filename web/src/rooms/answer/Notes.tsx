import { useState } from "react";
import { keys, useChange, useMay } from "../../api/hooks";
import { answer } from "../../api/operations";
import type { Conversation } from "../../api/types";
import { useMessages } from "../../i18n";
import { ProblemNote } from "../../ui/Feedback";
import { Time } from "../../ui/Time";

/** What the team tells each other here; it never leaves. */
export function Notes({ conversation }: { conversation: Conversation }) {
  const m = useMessages();
  const may = useMay();
  const [text, setText] = useState("");
  const add = useChange((note: string) => answer.note(conversation.id, note), [keys.conversation(conversation.id)]);
  const submit = () => {
    const note = text.trim();
    if (note) add.mutate(note, { onSuccess: () => setText("") });
  };
  return (
    <section className="notes" aria-labelledby="notes-title">
      <h3 id="notes-title">{m.answer.notes}</h3>
      {conversation.notes.length === 0 && <p className="muted">{m.answer.noNotes}</p>}
      <ul className="plain">
        {conversation.notes.map((note) => (
          <li key={note.id} className="note">
            <p className="muted facts">
              <span>{note.author.name}</span>
              <Time at={note.at} as="clock" />
            </p>
            <p className="note-text">{note.text}</p>
          </li>
        ))}
      </ul>
      {may("note") && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <div className="field">
            <label htmlFor="note">{m.answer.noteLabel}</label>
            <textarea
              id="note"
              rows={2}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                  event.preventDefault();
                  submit();
                }
              }}
            />
          </div>
          <ProblemNote problem={add.error} />
          <button type="submit" disabled={add.isPending || text.trim() === ""}>
            {m.answer.addNote}
          </button>
        </form>
      )}
    </section>
  );
}
