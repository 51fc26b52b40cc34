/** Languages that a post may be in, by their tags; the page names them in the reader's own language. */
export const LANGUAGES = [
  "ar",
  "de",
  "en",
  "es",
  "fil",
  "fr",
  "hi",
  "ht",
  "it",
  "ja",
  "ko",
  "pl",
  "pt",
  "ru",
  "so",
  "uk",
  "ur",
  "vi",
  "zh",
] as const;

/** What a language is called in the reader's own. */
export function languageName(tag: string, reader: string): string {
  try {
    return new Intl.DisplayNames(reader, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
