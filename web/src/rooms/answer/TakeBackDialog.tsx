import { useState } from "react";
import { keys, useChange } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Message } from "../../api/types";
import { useMessages } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import { ProblemNote } from "../../ui/Feedback";
import { TextArea } from "../../ui/Field";

/** Deletes or changes a reply where it stands; the guard reads a new text too. */
export function TakeBackDialog({
  message,
  conversation,
  onClose,
}: {
  message: Message;
  conversation: string;
  onClose: () => void;
}) {
  const m = useMessages();
  const [how, setHow] = useState<"delete" | "edit">("delete");
  const [text, setText] = useState(message.text);
  const takeBack = useChange(
    () => door.takeBack(message.id, how === "delete" ? { how } : { how, text }),
    [keys.conversation(conversation), keys.queue],
  );
  return (
    <Dialog title={m.door.takeBack} onClose={onClose}>
      <p className="muted">{m.door.takeBackLead}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          takeBack.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <fieldset className="radios">
          <legend className="visually-hidden">{m.door.takeBack}</legend>
          {(
            [
              ["delete", m.door.takeBackDelete],
              ["edit", m.door.takeBackEdit],
            ] as const
          ).map(([value, name]) => (
            <label key={value} className="check">
              <input type="radio" name="how" checked={how === value} onChange={() => setHow(value)} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        {how === "edit" && (
          <TextArea
            label={m.door.newText}
            required
            rows={6}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        <ProblemNote problem={takeBack.error} />
        <div className="buttons">
          <button
            type="submit"
            className="primary"
            disabled={takeBack.isPending || (how === "edit" && text.trim() === "")}
          >
            {how === "delete" ? m.door.takeBackDelete : m.door.takeBackEdit}
          </button>
          <button type="button" onClick={onClose}>
            {m.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
