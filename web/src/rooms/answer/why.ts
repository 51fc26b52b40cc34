import type { Conversation, WhyPart } from "../../api/types";
import type { Messages } from "../../i18n";
import { duration } from "../../lib/time";

/** A reason for a rank in the reader's language; a kind that the pages do not know yet keeps the server's words. */
export function reasonOf(part: WhyPart, m: Messages): string {
  const known = m.understand.sentences[part.label ?? part.kind];
  return known?.[part.level ?? "any"] ?? known?.any ?? part.sentence;
}

/** As {@link reasonOf}, with the clock of the conversation in words. */
export function partOf(part: WhyPart, clock: Conversation["clock"], m: Messages, tag: string): string {
  if (part.kind !== "clock" || clock.minutes === null) return reasonOf(part, m);
  const time = duration(clock.minutes * 60, tag);
  return clock.basis === "organisation" ? m.understand.dueWithinHours(time) : m.understand.dueWithin(time);
}
