import { useState } from "react";
import { keys, useChange } from "../../api/hooks";
import { answer } from "../../api/operations";
import type { Outcome } from "../../api/types";
import { useMessages } from "../../i18n";
import { toLocalField } from "../../lib/time";
import { Dialog } from "../../ui/Dialog";
import { ProblemNote } from "../../ui/Feedback";
import { TextArea, TextField } from "../../ui/Field";

const HOUR = 3_600_000;

/** Nine in the morning, so many days from today. */
function nineIn(days: number): Date {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(9, 0, 0, 0);
  return at;
}

const untilMonday = () => (8 - new Date().getDay()) % 7 || 7;

export function SnoozeDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const m = useMessages();
  const [at, setAt] = useState(() => toLocalField(nineIn(1)));
  const snooze = useChange(
    (until: Date) => answer.snooze(id, until.toISOString()),
    [keys.queue, keys.counts, keys.conversation(id)],
  );
  const until = (when: Date) => snooze.mutate(when, { onSuccess: onClose });
  return (
    <Dialog title={m.answer.snoozeTitle} onClose={onClose}>
      <p className="muted">{m.answer.snoozeLead}</p>
      <div className="buttons">
        <button type="button" onClick={() => until(new Date(Date.now() + HOUR))}>
          {m.answer.snoozeHour}
        </button>
        <button type="button" onClick={() => until(nineIn(1))}>
          {m.answer.snoozeTomorrow}
        </button>
        <button type="button" onClick={() => until(nineIn(untilMonday()))}>
          {m.answer.snoozeMonday}
        </button>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          until(new Date(at));
        }}
      >
        <TextField
          label={m.answer.snoozeAt}
          type="datetime-local"
          required
          min={toLocalField(new Date())}
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
        <ProblemNote problem={snooze.error} />
        <button type="submit" className="primary" disabled={snooze.isPending}>
          {m.answer.snooze}
        </button>
      </form>
    </Dialog>
  );
}

/** Nothing is closed without saying how it ended. */
export function ResolveDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const m = useMessages();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [reason, setReason] = useState("");
  const resolve = useChange(
    (how: Outcome) => answer.resolve(id, how, reason.trim() || undefined),
    [keys.queue, keys.counts, keys.conversation(id)],
  );
  const needsReason = outcome === "no_action";
  return (
    <Dialog title={m.answer.resolveTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome) resolve.mutate(outcome, { onSuccess: onClose });
        }}
      >
        <fieldset className="radios">
          <legend className="visually-hidden">{m.answer.resolveTitle}</legend>
          {(Object.entries(m.answer.outcomes) as [Outcome, string][]).map(([value, name]) => (
            <label key={value} className="check">
              <input
                type="radio"
                name="outcome"
                required
                checked={outcome === value}
                onChange={() => setOutcome(value)}
              />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        <TextArea
          label={needsReason ? m.answer.outcomeReason : m.answer.outcomeNote}
          required={needsReason}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ProblemNote problem={resolve.error} />
        <div className="buttons">
          <button type="submit" className="primary" disabled={!outcome || resolve.isPending}>
            {m.answer.resolve}
          </button>
          <button type="button" onClick={onClose}>
            {m.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
