import { type FormEvent, useState } from "react";
import { keys, useChange } from "../../api/hooks";
import { door } from "../../api/operations";
import { GROUNDS, type Ground, type Message, type Moderation } from "../../api/types";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { Dialog } from "../../ui/Dialog";
import { ProblemNote } from "../../ui/Feedback";
import { TextField } from "../../ui/Field";

/** What takes somebody's words away from the public. */
const TAKES_AWAY: readonly Moderation[] = ["hide", "remove", "spam"];

/** Asks once more before something is done about somebody's message, and why where it takes their words away. */
export function ModerateDialog({
  action,
  message,
  conversation,
  network,
  onClose,
}: {
  action: Moderation;
  message: Message;
  conversation: string;
  network: string;
  onClose: () => void;
}) {
  const m = useMessages();
  const takesAway = TAKES_AWAY.includes(action);
  const [reason, setReason] = useState<Ground | null>(action === "spam" ? "spam" : null);
  const [note, setNote] = useState("");
  const ask = useChange(
    () => door.moderate(message.id, { action, reason: takesAway ? reason : null, note: note.trim() || null }),
    [keys.conversation(conversation), keys.queue],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(undefined, {
      onSuccess: () => {
        announce(m.moderation.asked);
        onClose();
      },
    });
  };
  return (
    <Dialog title={m.moderation.titles[action]} onClose={onClose}>
      <p>{m.moderation.leads[action](network)}</p>
      <blockquote className="final-text">{message.text}</blockquote>
      <form onSubmit={submit}>
        {takesAway && (
          <>
            <p className="grave">{m.moderation.grave}</p>
            <fieldset className="radios">
              <legend>{m.moderation.ground}</legend>
              {GROUNDS.map((ground) => (
                <label key={ground} className="check">
                  <input type="radio" name="ground" checked={reason === ground} onChange={() => setReason(ground)} />
                  <span>{m.moderation.grounds[ground]}</span>
                </label>
              ))}
            </fieldset>
            <TextField
              label={m.moderation.note}
              maxLength={2000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
            <p className="muted">{m.moderation.proven}</p>
          </>
        )}
        <ProblemNote problem={ask.error} />
        <div className="buttons">
          <button
            type="submit"
            className={takesAway ? "danger" : "primary"}
            disabled={ask.isPending || (takesAway && reason === null)}
          >
            {m.moderation.actions[action]}
          </button>
          <button type="button" onClick={onClose}>
            {m.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
