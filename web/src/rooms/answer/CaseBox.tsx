import { useState } from "react";
import { keys, useChange, useMay } from "../../api/hooks";
import { answer } from "../../api/operations";
import type { Case, Intake } from "../../api/types";
import { useMessages } from "../../i18n";
import { ProblemNote } from "../../ui/Feedback";
import { SelectField } from "../../ui/Field";
import { Time } from "../../ui/Time";
import { LinkDialog } from "./HandOverDialog";
import { IntakeDialog } from "./IntakeDialog";

/** Whose case it has become. */
export function CaseBox({ handed }: { handed: Case }) {
  const m = useMessages();
  const may = useMay();
  const stale = [keys.conversation(handed.conversation_id), keys.queue];
  const accept = useChange(() => answer.acceptCase(handed.id), stale);
  const close = useChange((outcome: string) => answer.closeCase(handed.id, outcome), stale);
  const link = useChange(() => answer.newLink(handed.id), stale);
  const read = useChange(() => answer.readIntake(handed.id), []);
  const [intake, setIntake] = useState<Intake | null>(null);
  const [outcome, setOutcome] = useState<string>("settled");
  const [shown, setShown] = useState<Case | null>(null);
  return (
    <section className="case" aria-labelledby="case-title">
      <h3 id="case-title">
        {m.answer.caseTitle}: {m.answer.owners[handed.owner_role]}
      </h3>
      <p className="muted facts">
        <span>{m.answer.reasons[handed.reason]}</span>
        <span>{m.answer.caseStates[handed.state]}</span>
        {handed.owner_user && <span>{handed.owner_user.name}</span>}
        {handed.due_at && (
          <span>
            {m.answer.dueBy} <Time at={handed.due_at} as="clock" />
          </span>
        )}
      </p>
      {handed.state !== "closed" && may("work_case") && (
        <div className="buttons">
          {handed.state === "open" && (
            <button type="button" disabled={accept.isPending} onClick={() => accept.mutate(undefined)}>
              {m.answer.accept}
            </button>
          )}
          <button
            type="button"
            disabled={link.isPending}
            onClick={() => link.mutate(undefined, { onSuccess: (fresh) => setShown(fresh) })}
          >
            {m.answer.newLink}
          </button>
          <button
            type="button"
            disabled={read.isPending}
            onClick={() => read.mutate(undefined, { onSuccess: (entered) => setIntake(entered) })}
          >
            {m.answer.readIntake}
          </button>
        </div>
      )}
      {handed.state === "accepted" && may("work_case") && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            close.mutate(outcome);
          }}
        >
          <SelectField
            label={m.answer.caseOutcome}
            options={Object.entries(m.answer.caseOutcomes)}
            value={outcome}
            onChange={(event) => setOutcome(event.target.value)}
          />
          <button type="submit" disabled={close.isPending}>
            {m.answer.closeCase}
          </button>
        </form>
      )}
      <ProblemNote problem={accept.error ?? close.error ?? link.error ?? read.error} />
      {intake && <IntakeDialog intake={intake} onClose={() => setIntake(null)} />}
      {shown && <LinkDialog handed={shown} onClose={() => setShown(null)} />}
    </section>
  );
}
