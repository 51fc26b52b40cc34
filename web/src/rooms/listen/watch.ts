import type { NewWatchTerm } from "../../api/connecting";

/** What sort of term it is, as the API names it; for the people who keep the list. */
export const TERM_KINDS = ["name", "site", "doctor", "campaign", "misspelling", "other"] as const;
export type TermKind = (typeof TERM_KINDS)[number];

/** The lines of a text that say something, each once. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim().replace(/\s+/g, " ")))].filter((line) => line !== "");
}

/** The terms to add, one from each line. Exceptions belong to one term, so several terms have none. */
export function termsOf(text: string, kind: TermKind, unless: string): NewWatchTerm[] {
  const terms = linesOf(text);
  return terms.map((term) => ({ term, kind, unless: terms.length === 1 ? linesOf(unless) : [] }));
}
