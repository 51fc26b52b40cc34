import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Conversation, Message } from "../../api/types";
import { type Messages, useLocale } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import { Labels } from "./Labels";
import { lightsOf } from "./labels";
import { MessageText } from "./MessageText";
import { Moderation, standingOf } from "./Moderation";

/** One message as it came, with what Bedside read in it and the words that decided it. */
export function MessageCard({
  message,
  conversation,
  original,
  onAnswer,
  answered,
}: {
  message: Message;
  conversation: Conversation;
  original: Message | null;
  /** Makes it the message that the answer goes to; null where there is nothing to choose. */
  onAnswer: ((message: string) => void) | null;
  /** Whether it is that message now. */
  answered: boolean;
}) {
  const { m, tag } = useLocale();
  const [lit, setLit] = useState<string | null>(null);
  const standing = standingOf(message, m);
  const looks = [
    "message",
    message.direction === "inbound" ? "" : "is-staff",
    standing ? "is-out-of-sight" : "",
    answered ? "is-answered-now" : "",
  ];
  return (
    <li className={looks.filter(Boolean).join(" ")}>
      <p className="message-head">
        <strong>{message.direction === "inbound" ? message.author.display_name : m.answer.staffElsewhere}</strong>
        <span className="muted facts">
          <Time at={message.published_at} as="clock" />
          {message.rating !== null && <span>{m.answer.stars(message.rating)}</span>}
          {message.edited_at && <span>{m.answer.edited}</span>}
          {standing && (
            <span className="standing">
              <Icon name={message.moderation.standing === "held" ? "clock" : "lock"} />
              {standing}
            </span>
          )}
          {message.deleted_at && !standing && <span>{m.answer.deleted}</span>}
          {message.permalink && /^https?:/.test(message.permalink) && (
            <a href={message.permalink} target="_blank" rel="noreferrer noopener">
              {m.answer.openThere}
            </a>
          )}
        </span>
      </p>
      {message.copy_of && <p className="muted">{copyOf(message.copy_of.likeness, original, m, tag)}</p>}
      {message.also_said.length > 0 && <AlsoSaid message={message} m={m} />}
      <MessageText message={message} labels={lightsOf(message)} lit={lit} />
      <Labels message={message} conversation={conversation.id} onLit={setLit} />
      <div className="message-acts">
        <Moderation message={message} conversation={conversation} />
        {onAnswer && !answered && (
          <button type="button" className="quiet" onClick={() => onAnswer(message.id)}>
            <Icon name="answer" />
            {m.moderation.answerThis}
            <span className="visually-hidden">({message.author.display_name})</span>
          </button>
        )}
        {answered && <span className="standing">{m.moderation.answerChosen}</span>}
      </div>
    </li>
  );
}

/** Where else the same words stand: each is read, ranked and answered there. */
function AlsoSaid({ message, m }: { message: Message; m: Messages }) {
  return (
    <div className="muted small">
      <p>{m.answer.alsoSaid}</p>
      <ul>
        {message.also_said.map((one, n) => (
          <li key={one.message_id}>
            <Link to="/inbox/$id" params={{ id: one.conversation_id }}>
              {m.answer.networks[one.network] ?? one.network} ({one.account})
            </Link>{" "}
            <Time at={one.published_at} as="clock" />
            {n === 0 && one.published_at < message.published_at && <span> ({m.answer.saidFirst})</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Why a message stands in the conversation of another. */
function copyOf(likeness: number, original: Message | null, m: Messages, tag: string): string {
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 0 }).format(likeness);
  const author = original?.author.display_name;
  return author ? m.answer.copyOf(author, percent) : m.answer.copyOfEarlier(percent);
}
