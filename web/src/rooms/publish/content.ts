import type { NetworkShape } from "../../api/connecting";
import type { PostContent } from "../../api/operations";
import type { Attachment, Draft, MediaKind } from "../../api/types";

/** What a post says and carries while it is written. */
export interface Content {
  account: string;
  title: string;
  text: string;
  link: string;
  language: string;
  media: Attachment[];
}

export const EMPTY: Content = { account: "", title: "", text: "", link: "", language: "", media: [] };

/** What the server has of a post. */
export const contentOf = (draft: Draft): Content => ({
  account: draft.account_id,
  title: draft.title ?? "",
  text: draft.text,
  link: draft.link ?? "",
  language: draft.language ?? "",
  media: draft.media,
});

/** Whether two say the same: what a reader, or somebody who listens, could notice. */
export function same(one: Content, other: Content): boolean {
  const words = (of: Content) => [of.account, of.title.trim(), of.text, of.link.trim(), of.language];
  const files = (of: Content) => of.media.map((file) => [file.id, (file.alt ?? "").trim()]);
  return JSON.stringify([words(one), files(one)]) === JSON.stringify([words(other), files(other)]);
}

/** Other words for a post: all else stays there as it is. */
export const reworded = ({ text }: Content): Pick<PostContent, "text"> => ({ text });

/** The text of a post as it reads on its network, to be changed: with the link that may stand below it there. */
export const standing = ({ text, link }: Pick<Draft, "text" | "link">): string =>
  link && !text.includes(link) ? `${text}\n\n${link}` : text;

/** As the server is asked for it. A title goes along only where the network shows one. */
export const asked = (content: Content, titled: boolean): PostContent => ({
  ...(titled ? { title: content.title.trim() } : {}),
  text: content.text,
  link: content.link.trim(),
  language: content.language,
  media: content.media.map(({ id, alt }) => ({ id, alt: (alt ?? "").trim() })),
});

/** Whether a network carries a description of such a file: of pictures where it can, of others where it says how long. */
export function described(network: NetworkShape | undefined, kind: MediaKind): boolean {
  const limited = network?.limits.media.find((limit) => limit.kind === kind)?.alt_max ?? null;
  return limited !== null || (kind === "image" && (network?.capabilities.includes("alt_text") ?? false));
}

/** Moves one file by one place; at the end of the row it stays. */
export function moved<T>(files: readonly T[], from: number, by: -1 | 1): T[] {
  const to = from + by;
  const next = [...files];
  const [file] = next.splice(from, 1);
  if (file === undefined || to < 0 || to >= files.length) return [...files];
  next.splice(to, 0, file);
  return next;
}

/** How long a text is as a network counts; null where only the network's own rules can say. */
export function lengthOf(text: string, counted: string): number | null {
  switch (counted) {
    case "chars":
      return [...text].length;
    case "utf16":
      return text.length;
    case "bytes":
      return new TextEncoder().encode(text).length;
    case "graphemes":
      return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].length;
    default:
      return null;
  }
}
