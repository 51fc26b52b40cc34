/** Where something was said, as it stands in a sentence. */

/** What is longer than this is no name. */
const NAME_MAX = 48;

/**
 * A place by its name; the beginning of a text that people comment on, in quotation marks, so that nobody takes it
 * for a part of the sentence.
 */
export function placeName(place: string): string {
  const text = place.trim().replace(/\s+/g, " ");
  if (text.length <= NAME_MAX && !/[.!?…]$/.test(text)) return text;
  const short = text.length > NAME_MAX ? `${text.slice(0, NAME_MAX).replace(/\s+\S*$/, "")}…` : text;
  return `“${short}”`;
}
