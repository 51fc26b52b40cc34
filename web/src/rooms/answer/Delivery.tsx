import { useState } from "react";
import { keys, useChange, useMay } from "../../api/hooks";
import { door } from "../../api/operations";
import type { OutboxItem, OutboxState, Refusal } from "../../api/types";
import { useLocale } from "../../i18n";
import { clockTime } from "../../lib/time";
import { ProblemNote } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/Time";

const ASKS: readonly OutboxState[] = ["unknown", "dead", "missed", "stopped"];
const LOOKED_FOR: readonly OutboxState[] = ["unknown", "dead", "missed"];
const DECISIONS = ["mark_delivered", "send_again", "give_up"] as const;

/** Where something that left is now, and what a person may decide where nobody knows. */
export function Delivery({
  place,
  item,
  state,
  at,
  permalink,
  stale: shown,
  said,
  stops = [],
}: {
  place: string;
  item: OutboxItem | null;
  state: OutboxState;
  /** When it was last sent. */
  at: string;
  permalink: string | null;
  /** What shows it, to be asked anew after a decision. */
  stale: readonly unknown[];
  /** What to say in place of the usual sentence. */
  said?: string;
  /** What stopped it, where it was judged again as it was to leave. */
  stops?: readonly Refusal[];
}) {
  const { m, tag, zone } = useLocale();
  const now = useNow();
  const may = useMay();
  const [reason, setReason] = useState("");
  const stale = [shown, keys.health];
  const look = useChange((id: string) => door.reconcile(id), stale);
  const decide = useChange(
    ({ id, how }: { id: string; how: (typeof DECISIONS)[number] }) => door.decide(id, how, reason.trim()),
    stale,
  );
  const words = m.door.delivery;
  const later = state === "pending" && item?.due_at && Date.parse(item.due_at) > now ? item.due_at : null;
  const sentence = later
    ? words.scheduled(clockTime(later, now, tag, zone))
    : state === "delivered"
      ? words.delivered(place, clockTime(at, now, tag, zone))
      : state === "unknown"
        ? words.unknown(place)
        : words[state];
  const asks = ASKS.includes(state) && item?.needs_human === true;
  const stopped = state === "stopped";
  const decisions = later ? (["give_up"] as const) : stopped ? (["give_up", "send_again"] as const) : DECISIONS;
  const mayDecide =
    may("reconcile_outbox") || ((later || stopped) && may(item?.kind === "post" ? "send_post" : "send_reply"));
  const label = (how: (typeof DECISIONS)[number]) =>
    later
      ? m.door.callBack
      : stopped && how !== "mark_delivered"
        ? m.door.stoppedDecisions[how]
        : m.door.decisions[how];
  return (
    <div className={`delivery is-${state}`}>
      <p>
        <Icon name={state === "delivered" ? "check" : ASKS.includes(state) ? "alert" : "clock"} />
        <span>{said ?? sentence}</span>
        {state === "delivered" && permalink && /^https?:/.test(permalink) && (
          <a href={permalink} target="_blank" rel="noreferrer noopener">
            {m.door.open}
          </a>
        )}
      </p>
      {stopped && stops.length > 0 ? (
        <ul className="refusals">
          {stops.map((stop) => (
            <li key={stop.code}>{m.door.refusals[stop.code] ?? stop.sentence}</li>
          ))}
        </ul>
      ) : (
        item?.why && state !== "delivered" && <p className="muted">{item.why}</p>
      )}
      {item && LOOKED_FOR.includes(state) && may("reconcile_outbox") && (
        <button type="button" disabled={look.isPending} onClick={() => look.mutate(item.id)}>
          {m.door.lookAgain}
        </button>
      )}
      {item && (asks || later) && mayDecide && (
        <fieldset className="decide">
          <legend>{later ? m.door.callBack : m.door.decide}</legend>
          <div className="field">
            <label>
              {m.common.reason}
              <input required value={reason} onChange={(event) => setReason(event.target.value)} />
            </label>
          </div>
          <div className="buttons">
            {decisions.map((how) => (
              <button
                key={how}
                type="button"
                disabled={decide.isPending || reason.trim() === ""}
                onClick={() => decide.mutate({ id: item.id, how })}
              >
                {label(how)}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      <ProblemNote problem={look.error ?? decide.error} />
    </div>
  );
}
