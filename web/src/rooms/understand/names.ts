import type { Claim, Intent, LabelKind, LabelName, RiskLabel, RiskLevel, SentimentLabel } from "../../api/types";
import { type Messages, useLocale } from "../../i18n";

export const SENTIMENTS: readonly SentimentLabel[] = [
  "very_positive",
  "positive",
  "neutral",
  "negative",
  "very_negative",
];
export const RISKS: readonly RiskLabel[] = [
  "crisis_self_harm",
  "medical_emergency",
  "safety_threat_or_abuse",
  "adverse_event",
  "privacy_exposure",
];
/** Intents that a person chooses by themselves; the others mirror a risk. */
export const INTENTS: readonly Intent[] = [
  "complaint",
  "question_service",
  "question_health",
  "misinformation",
  "suggestion",
  "praise",
  "job_media_legal",
  "spam_offtopic",
];
export const LANGUAGES = "ar bn de en es fa fr hi hi-Latn it ja ko nl pl pt ru so tl tr uk ur vi zh und".split(" ");
export const KINDS: readonly LabelKind[] = ["risk", "intent", "theme", "sentiment", "claim", "language", "identifier"];

const CRISIS_LEVELS: readonly RiskLevel[] = ["C3", "C2", "C1", "C0"];
const OTHER_LEVELS: readonly RiskLevel[] = ["now", "past", "possible"];

/** The levels that a risk can have. */
export const levelsOf = (risk: string) => (risk === "crisis_self_harm" ? CRISIS_LEVELS : OTHER_LEVELS);

export type Choice = readonly [value: string, name: string];

/** How labels are called in the reader's language. */
export interface Names {
  name: (kind: LabelKind, label: LabelName) => string;
  theme: (theme: string) => string;
  claim: (id: string) => Claim | undefined;
  choices: (kind: LabelKind) => Choice[];
  details: (kind: LabelKind, label: string) => Choice[];
}

function plainName(m: Messages, language: Intl.DisplayNames, kind: LabelKind, label: string): string {
  switch (kind) {
    case "sentiment":
      return m.answer.sentiments[label as SentimentLabel] ?? label;
    case "intent":
    case "risk":
      return (m.answer.intents as Record<string, string>)[label] ?? label.replaceAll("_", " ");
    case "theme":
      return m.understand.themeNames[label] ?? label;
    case "identifier":
      return m.understand.identifierTypes[label] ?? label.replaceAll("_", " ");
    case "language":
      return label === "und" ? m.understand.unknownLanguage : (language.of(label) ?? label);
    case "claim":
      return label;
  }
}

export function useNames(claims: readonly Claim[] = []): Names {
  const { m, tag } = useLocale();
  const language = new Intl.DisplayNames([tag], { type: "language", fallback: "code" });
  const claim = (id: string) => claims.find((one) => one.id === id);
  const plain = (kind: LabelKind, label: string) =>
    kind === "claim" ? (claim(label)?.myth ?? label) : plainName(m, language, kind, label);
  const levels: Record<string, string> = m.answer.levels;
  const all: Record<LabelKind, readonly string[]> = {
    sentiment: SENTIMENTS,
    intent: INTENTS,
    risk: RISKS,
    language: LANGUAGES,
    theme: Object.keys(m.understand.themeNames),
    identifier: Object.keys(m.understand.identifierTypes),
    claim: claims.map(({ id }) => id),
  };
  return {
    name: (kind, { label, detail }) => {
      const name = plain(kind, label);
      if (kind === "risk" && detail) return `${name}: ${levels[detail] ?? detail}`;
      if (kind === "claim" && detail) return m.understand.claimChip(m.understand.stances[detail] ?? detail, name);
      return name;
    },
    theme: (theme) => plain("theme", theme),
    claim,
    choices: (kind) => {
      const named = all[kind].map((value) => [value, plain(kind, value)] as const);
      const inOrder = kind === "sentiment" || kind === "risk" || kind === "intent" || kind === "claim";
      return inOrder ? named : named.sort((a, b) => a[1].localeCompare(b[1], tag));
    },
    details: (kind, label) => {
      if (kind === "risk") return levelsOf(label).map((level) => [level, levels[level] ?? level] as const);
      if (kind === "claim") return Object.entries(m.understand.stances);
      return [];
    },
  };
}

/** How sure Bedside is, in words with the number behind them. */
export function useSureness(): (score: number) => string {
  const { m, tag } = useLocale();
  const percent = new Intl.NumberFormat(tag, { style: "percent" });
  return (score) => m.understand.sureOf(sureness(score, m), percent.format(score));
}

/** How sure Bedside is, in words. */
export function sureness(score: number, m: Messages): string {
  if (score >= 0.9) return m.understand.sure.high;
  return score >= 0.7 ? m.understand.sure.middle : m.understand.sure.low;
}
