import { useState } from "react";
import type { Message } from "../../api/types";
import { type Messages, useLocale } from "../../i18n";
import { Time } from "../../ui/Time";
import { Labels } from "./Labels";
import { lightsOf } from "./labels";
import { MessageText } from "./MessageText";

/** One message as it came, with what Bedside read in it and the words that decided it. */
export function MessageCard({
  message,
  conversation,
  original,
}: {
  message: Message;
  conversation: string;
  original: Message | null;
}) {
  const { m, tag } = useLocale();
  const [lit, setLit] = useState<string | null>(null);
  return (
    <li className={message.direction === "inbound" ? "message" : "message is-staff"}>
      <p className="message-head">
        <strong>{message.direction === "inbound" ? message.author.display_name : m.answer.staffElsewhere}</strong>
        <span className="muted facts">
          <Time at={message.published_at} as="clock" />
          {message.rating !== null && <span>{m.answer.stars(message.rating)}</span>}
          {message.edited_at && <span>{m.answer.edited}</span>}
          {message.deleted_at && <span>{m.answer.deleted}</span>}
          {message.permalink && /^https?:/.test(message.permalink) && (
            <a href={message.permalink} target="_blank" rel="noreferrer noopener">
              {m.answer.openThere}
            </a>
          )}
        </span>
      </p>
      {message.copy_of && <p className="muted">{copyOf(message.copy_of.likeness, original, m, tag)}</p>}
      <MessageText message={message} labels={lightsOf(message)} lit={lit} />
      <Labels message={message} conversation={conversation} onLit={setLit} />
    </li>
  );
}

/** Why a message stands in the conversation of another. */
function copyOf(likeness: number, original: Message | null, m: Messages, tag: string): string {
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 0 }).format(likeness);
  const author = original?.author.display_name;
  return author ? m.answer.copyOf(author, percent) : m.answer.copyOfEarlier(percent);
}
