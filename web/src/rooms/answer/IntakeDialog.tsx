import type { Intake } from "../../api/types";
import { useMessages } from "../../i18n";
import { Dialog } from "../../ui/Dialog";
import { Time } from "../../ui/Time";

/** What people entered under a case's private links. Opening it was written into the log. */
export function IntakeDialog({ intake, onClose }: { intake: Intake; onClose: () => void }) {
  const m = useMessages();
  return (
    <Dialog title={m.answer.intakeTitle} onClose={onClose}>
      <p className="muted">{m.answer.intakeLead}</p>
      {intake.items.length === 0 && <p>{m.answer.intakeEmpty}</p>}
      {intake.items.map(({ id, entered_at, entered }) => (
        <article key={id}>
          <p className="muted">
            <Time at={entered_at} as="clock" />
          </p>
          <p className="message-text">{entered.text}</p>
          {entered.name && (
            <p>
              {m.answer.intakeName}: {entered.name}
            </p>
          )}
          {entered.contact && (
            <p>
              {m.answer.intakeContact}: {entered.contact}
            </p>
          )}
        </article>
      ))}
    </Dialog>
  );
}
