import { useState } from "react";
import { useMay, useMe, useRules } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Finding, GuardRule } from "../../api/types";
import { useLocale, useMessages } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "./Skeleton";
import type { Reply } from "./useReply";

const NEVER: readonly string[] = ["B3", "B10"];

/** A draft that is worked on: an answer or a post. */
export type Worked = Pick<Reply, "draft" | "clean" | "busy" | "act">;

/** Where the same finding stands in the verdict that the server keeps with the draft. */
function keptIndex(finding: Finding, kept: readonly Finding[]): number {
  return kept.findIndex(
    (other) =>
      other.rule === finding.rule &&
      other.part === finding.part &&
      other.file === finding.file &&
      other.start === finding.start &&
      other.severity === finding.severity,
  );
}

/** What the guard says of the text: the rule, the words, why, and what to say instead. */
export function Findings({
  reply,
  conversation,
  onSkeleton,
}: {
  reply: Reply;
  conversation: string;
  onSkeleton: (text: string) => void;
}) {
  const m = useMessages();
  const { verdict } = reply;
  const rules = useRules().data?.items ?? [];
  const findings = (verdict?.findings ?? []).filter(({ severity }) => severity !== "allow");
  const sentence = reply.checkFailed
    ? m.door.checkFailed
    : verdict
      ? m.door.verdicts[verdict.verdict]
      : reply.text.trim() === ""
        ? m.door.unchecked
        : m.door.checking;
  const kind = reply.checkFailed ? "block" : (verdict?.verdict ?? "none");
  return (
    <div className="findings">
      <p id="verdict" className={`verdict is-${kind}`} role="status">
        {kind === "allow" && <Icon name="check" />}
        {kind === "warn" && <Icon name="alert" />}
        {kind === "block" && <Icon name="cross" />}
        <span>{sentence}</span>
      </p>
      {findings.length > 0 && (
        <ul className="plain" aria-label={m.door.findings}>
          {findings.map((finding) => (
            <FindingCard
              key={`${finding.rule}-${finding.start}-${finding.severity}`}
              finding={finding}
              rule={rules.find(({ id }) => id === finding.rule)}
              reply={reply}
            />
          ))}
        </ul>
      )}
      {verdict?.verdict === "block" && <Skeleton conversation={conversation} onUse={onSkeleton} />}
      {verdict?.verdict === "block" && reply.draft && <Override reply={reply} findings={findings} />}
    </div>
  );
}

/** One finding, with the way to acknowledge it. */
export function FindingCard({
  finding,
  rule,
  reply,
}: {
  finding: Finding;
  rule: GuardRule | undefined;
  reply: Worked;
}) {
  const m = useMessages();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const blocked = finding.severity === "block";
  const kept = reply.clean && reply.draft?.verdict ? keptIndex(finding, reply.draft.verdict.findings) : -1;
  const done = kept < 0 ? undefined : reply.draft?.acknowledgements.find((entry) => entry.finding === kept);
  const acknowledge = async () => {
    const next = await reply.act(async (draft) => {
      const index = keptIndex(finding, draft.verdict?.findings ?? []);
      return index < 0 ? draft : door.acknowledge(draft.id, [index], reason.trim());
    });
    if (next) setAsking(false);
  };
  return (
    <li className={`finding is-${finding.severity}`}>
      <p>
        <Icon name={blocked ? "cross" : "alert"} />
        <strong>{blocked ? m.door.blocked : m.door.warning}</strong> <span className="rule">{finding.rule}</span>
        {" · "}
        <q>{finding.evidence || m.door.whole}</q>
        {finding.part !== "text" && ` ${m.door.parts[finding.part]((finding.file ?? 0) + 1)}`}
      </p>
      <p>{finding.why}</p>
      {finding.instead && (
        <p>
          <strong>{m.door.sayInstead}</strong> {finding.instead}
        </p>
      )}
      {rule && <RuleFacts rule={rule} said={finding.why} />}
      {blocked && NEVER.includes(finding.rule) && <p className="muted">{m.door.neverOverride}</p>}
      {done && (
        <p className="muted">
          <Icon name="check" /> {m.door.acknowledged}: {done.user?.name ? `${done.user.name}, ` : ""}
          {done.reason}
        </p>
      )}
      {!blocked && !done && may("acknowledge_warning") && !asking && (
        <button type="button" onClick={() => setAsking(true)}>
          {m.door.acknowledge}
        </button>
      )}
      {asking && !done && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void acknowledge();
          }}
        >
          <div className="field">
            <label>
              {m.door.acknowledgeReason}
              <input required value={reason} onChange={(event) => setReason(event.target.value)} />
            </label>
          </div>
          <button type="submit" disabled={reply.busy || reason.trim() === ""}>
            {m.door.acknowledge}
          </button>
        </form>
      )}
    </li>
  );
}

/** The rule behind a finding: what it is called, what it rests on, since when, and texts on both sides of it. */
function RuleFacts({ rule, said }: { rule: GuardRule; said: string }) {
  const m = useMessages();
  const { tag } = useLocale();
  const day = (date: string) =>
    new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));
  const blocked = rule.examples.blocked[0];
  const allowed = rule.examples.allowed[0];
  return (
    <details className="rule-facts">
      <summary>{m.door.aboutRule(rule.id)}</summary>
      <p>
        <strong>{rule.title}</strong>
      </p>
      {rule.text !== said && <p>{rule.text}</p>}
      <p className="muted">
        {m.trust.citation}: {rule.citation}
        {rule.in_force_from && ` · ${m.trust.inForce(day(rule.in_force_from))}`}
        {rule.reviewed && ` · ${m.trust.reviewed(day(rule.reviewed))}`}
      </p>
      {(blocked || allowed) && (
        <ul className="rule-pair">
          {blocked && (
            <li>
              <Icon name="cross" /> <span className="visually-hidden">{m.door.stopped}: </span>
              <q>{blocked}</q>
            </li>
          )}
          {allowed && (
            <li>
              <Icon name="check" /> <span className="visually-hidden">{m.door.passes}: </span>
              <q>{allowed}</q>
            </li>
          )}
        </ul>
      )}
    </details>
  );
}

/** The way past a block: a privacy officer who did not write it, with a reason. Some rules have none. */
export function Override({ reply, findings }: { reply: Worked; findings: readonly Finding[] }) {
  const m = useMessages();
  const may = useMay();
  const me = useMe().data?.user.id;
  const [reason, setReason] = useState("");
  const asked = reply.draft?.override ?? null;
  if (findings.some(({ rule, severity }) => severity === "block" && NEVER.includes(rule))) return null;
  if (asked?.state === "granted") return <p className="muted">{m.door.overrideGranted}</p>;
  const writer = reply.draft?.writers?.some(({ id }) => id === me) || reply.draft?.written_by.id === me;
  const granting = asked !== null && may("override_block") && !writer;
  const requesting = asked === null && may("request_override");
  if (!granting && !requesting) return asked ? <p className="muted">{m.door.overrideWaiting}</p> : null;
  const submit = () =>
    reply.act((draft) =>
      granting ? door.grantOverride(draft.id, reason.trim()) : door.requestOverride(draft.id, reason.trim()),
    );
  return (
    <details className="override" open={granting}>
      <summary>{granting ? m.door.overrideRequested(asked.requested_by?.name ?? "") : m.door.override}</summary>
      <p className="muted">{granting ? asked.reason : m.door.overrideLead}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="field">
          <label>
            {m.common.reason}
            <input required value={reason} onChange={(event) => setReason(event.target.value)} />
          </label>
        </div>
        <button type="submit" disabled={reply.busy || reason.trim() === ""}>
          {granting ? m.door.overrideGrant : m.door.override}
        </button>
      </form>
    </details>
  );
}
