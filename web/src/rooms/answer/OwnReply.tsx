import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys, useMay } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Conversation, Draft, Message, OutboxState } from "../../api/types";
import { useMessages } from "../../i18n";
import { placeName } from "../../lib/place";
import { Time } from "../../ui/Time";
import { Delivery } from "./Delivery";
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
      {!message?.deleted_at && (
        <Delivery
          place={placeName(conversation.place) || (m.answer.networks[conversation.network] ?? conversation.network)}
          item={item}
          state={state}
          at={item?.attempts.at(-1)?.at ?? message?.published_at ?? conversation.last_message_at}
          permalink={item?.permalink ?? message?.permalink ?? null}
          stale={keys.conversation(conversation.id)}
          stops={draft?.refusals}
        />
      )}
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
