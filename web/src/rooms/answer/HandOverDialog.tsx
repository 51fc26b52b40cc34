import { useState } from "react";
import { keys, useChange } from "../../api/hooks";
import { answer } from "../../api/operations";
import type { Case, CaseReason, OwnerRole } from "../../api/types";
import { useMessages } from "../../i18n";
import { CopyButton } from "../../ui/Copy";
import { Dialog } from "../../ui/Dialog";
import { ProblemNote } from "../../ui/Feedback";
import { SelectField, TextField } from "../../ui/Field";
import { Time } from "../../ui/Time";

const entries = <K extends string>(names: Record<K, string>) => Object.entries(names) as [K, string][];

export function HandOverDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const m = useMessages();
  const [owner, setOwner] = useState<OwnerRole>("patient_relations");
  const [reason, setReason] = useState<CaseReason>("care_concern");
  const [due, setDue] = useState("");
  const handOver = useChange(
    () =>
      answer.handOver(id, {
        owner_role: owner,
        reason,
        due_at: due ? new Date(due).toISOString() : undefined,
      }),
    [keys.queue, keys.conversation(id)],
  );
  if (handOver.data?.intake_link) return <LinkDialog handed={handOver.data} onClose={onClose} />;
  return (
    <Dialog title={m.answer.handOverTitle} onClose={onClose}>
      <p className="muted">{m.answer.handOverLead}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          handOver.mutate(undefined, { onSuccess: (handed) => !handed.intake_link && onClose() });
        }}
      >
        <SelectField
          label={m.answer.owner}
          options={entries(m.answer.owners)}
          value={owner}
          onChange={(event) => setOwner(event.target.value as OwnerRole)}
        />
        <SelectField
          label={m.common.reason}
          options={entries(m.answer.reasons)}
          value={reason}
          onChange={(event) => setReason(event.target.value as CaseReason)}
        />
        <TextField
          label={m.answer.dueBy}
          type="datetime-local"
          value={due}
          onChange={(event) => setDue(event.target.value)}
        />
        <ProblemNote problem={handOver.error} />
        <div className="buttons">
          <button type="submit" className="primary" disabled={handOver.isPending}>
            {m.answer.handOver}
          </button>
          <button type="button" onClick={onClose}>
            {m.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The address for the person, shown this once. */
export function LinkDialog({ handed, onClose }: { handed: Case; onClose: () => void }) {
  const m = useMessages();
  const link = handed.intake_link;
  if (!link) return null;
  const url = new URL(link.url, window.location.origin).href;
  return (
    <Dialog title={m.answer.linkTitle} onClose={onClose}>
      <p>{m.answer.linkLead}</p>
      <p className="link-text">
        <code>{url}</code>
      </p>
      <p className="muted">
        {m.answer.linkExpires} <Time at={link.expires_at} as="clock" />
      </p>
      <div className="buttons">
        <CopyButton text={url} />
        <button type="button" onClick={onClose}>
          {m.common.close}
        </button>
      </div>
    </Dialog>
  );
}
