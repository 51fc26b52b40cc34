import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys, useChange, useMay } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Conversation, Draft, Message, OutboxItem, OutboxState } from "../../api/types";
import { useLocale, useMessages } from "../../i18n";
import { placeName } from "../../lib/place";
import { clockTime } from "../../lib/time";
import { ProblemNote } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { Time, useNow } from "../../ui/Time";
import { TakeBackDialog } from "./TakeBackDialog";

/** One of our own replies, with the truth about where it is. */
export function OwnReply({
  conversation,
  message,
  draft,
}: {
  conversation: Conversation;
  message?: Message;
  draft?: Draft;
}) {
  const m = useMessages();
  const may = useMay();
  const [takingBack, setTakingBack] = useState(false);
  const outboxId = message?.delivery?.outbox_id ?? draft?.outbox?.id ?? null;
  const known =
    draft?.outbox ?? conversation.drafts.find((other) => other.outbox && other.outbox.id === outboxId)?.outbox ?? null;
  const asked = useQuery({
    queryKey: [...keys.conversation(conversation.id), "outbox", outboxId],
    queryFn: () => door.outboxItem(outboxId ?? ""),
    enabled: outboxId !== null && known === null && may("read_outbox"),
  });
  const item = known ?? asked.data ?? null;
  const state: OutboxState = item?.state ?? message?.delivery?.state ?? "delivered";
  const text = message?.text ?? draft?.text ?? "";
  return (
    <li className="message is-own">
      <p className="message-head">
        <strong>{m.answer.own}</strong>
        <span className="muted facts">
          {draft?.written_by && <span>{draft.written_by.name}</span>}
          {message?.edited_at && <Time at={message.edited_at} as="clock" />}
          {message?.deleted_at && <span>{m.answer.takenBack}</span>}
        </span>
      </p>
      <p className="message-text">{text}</p>
      {!message?.deleted_at && <Delivery conversation={conversation} item={item} state={state} message={message} />}
      {message && state === "delivered" && !message.deleted_at && may("take_back") && (
        <button type="button" className="quiet" onClick={() => setTakingBack(true)}>
          {m.door.takeBack}
        </button>
      )}
      {takingBack && message && (
        <TakeBackDialog message={message} conversation={conversation.id} onClose={() => setTakingBack(false)} />
      )}
    </li>
  );
}

const ASKS: readonly OutboxState[] = ["unknown", "dead", "missed"];
const DECISIONS = ["mark_delivered", "send_again", "give_up"] as const;

function Delivery({
  conversation,
  item,
  state,
  message,
}: {
  conversation: Conversation;
  item: OutboxItem | null;
  state: OutboxState;
  message?: Message;
}) {
  const { m, tag, zone } = useLocale();
  const now = useNow();
  const may = useMay();
  const [reason, setReason] = useState("");
  const stale = [keys.conversation(conversation.id), keys.health];
  const look = useChange((id: string) => door.reconcile(id), stale);
  const decide = useChange(
    ({ id, how }: { id: string; how: (typeof DECISIONS)[number] }) => door.decide(id, how, reason.trim()),
    stale,
  );
  const words = m.door.delivery;
  const place = placeName(conversation.place) || (m.answer.networks[conversation.network] ?? conversation.network);
  const at = item?.attempts.at(-1)?.at ?? message?.published_at ?? conversation.last_message_at;
  const sentence =
    state === "delivered"
      ? words.delivered(place, clockTime(at, now, tag, zone))
      : state === "unknown"
        ? words.unknown(place)
        : words[state];
  const link = item?.permalink ?? message?.permalink ?? null;
  return (
    <div className={`delivery is-${state}`}>
      <p>
        <Icon name={state === "delivered" ? "check" : ASKS.includes(state) ? "alert" : "clock"} />
        <span>{sentence}</span>
        {state === "delivered" && link && /^https?:/.test(link) && (
          <a href={link} target="_blank" rel="noreferrer noopener">
            {m.door.open}
          </a>
        )}
      </p>
      {item?.why && state !== "delivered" && <p className="muted">{item.why}</p>}
      {item && ASKS.includes(state) && may("reconcile_outbox") && (
        <button type="button" disabled={look.isPending} onClick={() => look.mutate(item.id)}>
          {m.door.lookAgain}
        </button>
      )}
      {item && ASKS.includes(state) && item.needs_human && may("reconcile_outbox") && (
        <fieldset className="decide">
          <legend>{m.door.decide}</legend>
          <div className="field">
            <label>
              {m.common.reason}
              <input required value={reason} onChange={(event) => setReason(event.target.value)} />
            </label>
          </div>
          <div className="buttons">
            {DECISIONS.map((how) => (
              <button
                key={how}
                type="button"
                disabled={decide.isPending || reason.trim() === ""}
                onClick={() => decide.mutate({ id: item.id, how })}
              >
                {m.door.decisions[how]}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      <ProblemNote problem={look.error ?? decide.error} />
    </div>
  );
}
