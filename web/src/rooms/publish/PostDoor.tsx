import { keys, useChange, useMay, useMe, useRules } from "../../api/hooks";
import { door, publish } from "../../api/operations";
import type { Draft } from "../../api/types";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { Delivery } from "../answer/Delivery";
import { FindingCard, Override } from "../answer/Findings";
import { Judging } from "../answer/Judging";
import "../../styles/answer.css";
import { Captions } from "./Captions";
import type { Composer } from "./useComposer";

/** What is said about a post, what is in its way, and the one action that comes next. */
export function PostDoor({ composer, at, timed }: { composer: Composer; at: string | null; timed: boolean }) {
  const m = useMessages();
  const may = useMay();
  const me = useMe().data?.user.id;
  const { draft, clean, busy } = composer;
  if (draft && !composer.open) return <Gone draft={draft} />;
  const waiting = draft?.state === "awaiting_approval" && clean;
  const wrote = draft?.writers.some(({ id }) => id === me) ?? true;
  const second = draft?.needs_second_person === true && draft.state !== "approved";
  const refusals = draft && clean && !draft.can_send && !waiting ? draft.refusals : [];
  const last = draft?.approvals.at(-1);
  const primary = async () => {
    if (second) {
      await composer.act((now) => door.submit(now.id));
    } else if (await composer.send(at)) {
      announce(at ? m.publish.scheduled : m.publish.sent);
    }
  };
  return (
    <section className="post-door">
      {draft && <Judged draft={draft} composer={composer} />}
      {last && last.decision !== "voided" && (
        <p className="muted">
          {last.decision === "approved"
            ? m.door.approved(last.user.name)
            : m.door.rejected(last.user.name, last.reason ?? "")}
        </p>
      )}
      {refusals.length > 0 && (
        <div className="refusals" role="status">
          <strong>{m.door.notYet}</strong>
          <ul>
            {refusals.map((refusal) => (
              <li key={refusal.code}>{m.door.refusals[refusal.code] ?? refusal.sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {waiting && <p>{m.door.waitingApproval}</p>}
      {waiting && may("approve_post") && !wrote && <Judging reply={composer} />}
      <ProblemNote problem={composer.problem} />
      <div className="buttons">
        {!waiting && may(second ? "draft_post" : "send_post") && (
          <button
            type="button"
            className="primary"
            disabled={!draft || busy || (clean && !draft.can_send && !second) || (timed && !at)}
            onClick={() => void primary()}
          >
            {second ? m.door.submit : timed ? m.publish.schedule : m.publish.send}
          </button>
        )}
        {draft && may("draft_post") && (
          <button
            type="button"
            disabled={busy}
            onClick={() =>
              void composer.act(async (now) => {
                await door.discard(now.id);
                return publish.post(now.id);
              })
            }
          >
            {m.publish.discard}
          </button>
        )}
        {draft && clean && <span className="muted">{m.door.keep}</span>}
        {draft && !clean && <span className="muted">{m.door.saving}</span>}
      </div>
    </section>
  );
}

/** The verdict about the post as the server has it. */
function Judged({ draft, composer }: { draft: Draft; composer: Composer }) {
  const m = useMessages();
  const rules = useRules().data?.items ?? [];
  const { verdict } = draft;
  if (!verdict) return null;
  const kind = verdict.verdict;
  const findings = verdict.findings.filter(({ severity }) => severity !== "allow");
  return (
    <div className="findings">
      <p className={`verdict is-${kind}`} role="status">
        <Icon name={kind === "allow" ? "check" : kind === "warn" ? "alert" : "cross"} />
        <span>{m.door.verdicts[kind]}</span>
      </p>
      {findings.length > 0 && (
        <ul className="plain" aria-label={m.door.findings}>
          {findings.map((finding) => (
            <FindingCard
              key={`${finding.rule}-${finding.part}-${finding.file}-${finding.start}`}
              finding={finding}
              rule={rules.find(({ id }) => id === finding.rule)}
              reply={composer}
            />
          ))}
        </ul>
      )}
      {kind === "block" && <Override reply={composer} findings={findings} />}
    </div>
  );
}

/** A post that left, or was given up. */
function Gone({ draft }: { draft: Draft }) {
  const m = useMessages();
  const may = useMay();
  const { outbox: item, destination } = draft;
  const takeBack = useChange(publish.takeBack, [keys.posts]);
  if (!item) return <p className="muted">{m.publish.states[draft.state]}</p>;
  const deleting = item.kind === "delete";
  const stands = draft.state === "sent" && item.state === (deleting ? "cancelled" : "delivered");
  return (
    <section className="post-door">
      <Delivery
        said={deleting ? m.publish.takenBack[item.state] : undefined}
        place={destination.place || (m.answer.networks[destination.network] ?? destination.network)}
        item={item}
        state={item.state}
        at={item.attempts.at(-1)?.at ?? draft.updated_at}
        permalink={item.permalink}
        stale={keys.posts}
        stops={draft.refusals}
      />
      {item.state === "stopped" && draft.verdict && draft.verdict.findings.length > 0 && (
        <ul className="stopped-by" aria-label={m.door.findings}>
          {draft.verdict.findings.map((finding) => (
            <li key={`${finding.rule}-${finding.part}-${finding.file}-${finding.start}`}>{finding.why}</li>
          ))}
        </ul>
      )}
      {stands && may("send_post") && (
        <details className="take-back">
          <summary>{m.publish.takeBack}</summary>
          <p className="muted">{m.publish.takeBackLead}</p>
          <button
            type="button"
            className="danger"
            disabled={takeBack.isPending}
            onClick={() => takeBack.mutate(draft.id)}
          >
            {m.publish.takeBackNow}
          </button>
        </details>
      )}
      <ProblemNote problem={takeBack.error} />
      {stands && <Captions post={draft} />}
    </section>
  );
}
