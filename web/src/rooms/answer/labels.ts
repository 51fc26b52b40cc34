import type { Assessment, Correction, LabelKind, LabelName, Message, PersonRef, Risk, Span } from "../../api/types";
import type { IconName } from "../../ui/Icon";
import { INTENT_ICONS } from "./views";

/** A label of a message with who, if anybody, set it or agreed with it. */
export interface Label {
  id: string;
  kind: LabelKind;
  name: LabelName;
  icon: IconName;
  score: number;
  evidence: Span[];
  because: string[];
  risk: boolean;
  setBy: PersonRef | null;
  confirmedBy: PersonRef | null;
  /** What had been shown, where a person changed it to this. */
  was: LabelName | null;
  /** For an adverse event: which elements of a case report are there. */
  icsr: Risk["icsr"];
}

/** The id of the place of a complaint, which is no label. */
export const HCAT = "hcat|";

/** What is marked in the text of a message: the words of its labels, and those of the place of a complaint. */
export function lightsOf(message: Message): { id: string; kind: string; evidence: Span[] }[] {
  const hcat = message.assessment?.hcat;
  return [...labelsOf(message), ...(hcat ? [{ id: HCAT, kind: "hcat", evidence: hcat.evidence }] : [])];
}

export const idOf = (kind: LabelKind, { label, detail, span }: LabelName) =>
  [kind, label, detail ?? "", span?.join("-") ?? ""].join("|");

const named = (label: string, detail: string | null = null, span: Span | null = null): LabelName => ({
  label,
  detail,
  span,
});

type Read = Omit<Label, "id" | "setBy" | "confirmedBy" | "was" | "because" | "risk" | "icsr"> &
  Partial<Pick<Label, "because" | "risk" | "icsr">>;

function read(of: Assessment): Read[] {
  const risky = new Set<string>(of.risks.map(({ label }) => label));
  return [
    ...of.risks.map((risk) => ({
      kind: "risk" as const,
      name: named(risk.label, risk.level),
      icon: INTENT_ICONS[risk.label] ?? ("alert" as const),
      score: risk.score,
      evidence: risk.evidence,
      because: risk.because ?? [],
      risk: risk.level !== "C0",
      icsr: risk.icsr ?? null,
    })),
    ...of.intents
      .filter(({ label }) => !risky.has(label))
      .map((intent) => ({
        kind: "intent" as const,
        name: named(intent.label),
        icon: INTENT_ICONS[intent.label] ?? ("tag" as const),
        score: intent.score,
        evidence: intent.evidence,
      })),
    ...of.claims.map((claim) => ({
      kind: "claim" as const,
      name: named(claim.id, claim.stance),
      icon: "flag" as const,
      score: claim.score,
      evidence: claim.evidence,
    })),
    ...of.themes.map((theme) => ({
      kind: "theme" as const,
      name: named(theme.label),
      icon: "tag" as const,
      score: theme.score,
      evidence: theme.evidence,
    })),
    ...(of.sentiment
      ? [
          {
            kind: "sentiment" as const,
            name: named(of.sentiment.label),
            icon: "mood" as const,
            score: of.sentiment.score,
            evidence: of.sentiment.evidence,
          },
        ]
      : []),
    {
      kind: "language" as const,
      name: named(of.language),
      icon: "language" as const,
      score: of.language_score,
      evidence: [],
    },
    ...of.identifiers.map((found) => ({
      kind: "identifier" as const,
      name: named(found.type, null, [found.start, found.end]),
      icon: "lock" as const,
      score: found.score,
      evidence: [[found.start, found.end] as Span],
    })),
  ];
}

const same = (kind: LabelKind, name: LabelName, correction: Correction, which: LabelName | null) =>
  correction.kind === kind && which !== null && idOf(kind, which) === idOf(kind, name);

/** The labels of a message as they stand, the risks first. */
export function labelsOf(message: Message): Label[] {
  if (!message.assessment) return [];
  const said = message.corrections.filter(({ counts }) => counts);
  return read(message.assessment).map((label) => {
    const set = said.findLast((one) => same(label.kind, label.name, one, one.says));
    const agreed = said.findLast((one) => one.act === "confirm" && same(label.kind, label.name, one, one.shown));
    return {
      because: [],
      risk: false,
      icsr: null,
      ...label,
      id: idOf(label.kind, label.name),
      setBy: set?.by ?? null,
      confirmedBy: agreed?.by ?? null,
      was: set?.act === "change" ? set.shown : null,
    };
  });
}

/** Labels that Bedside had read and a person took off, and nobody put back. */
export function removedOf(message: Message, labels: readonly Label[]): Correction[] {
  const there = new Set(labels.map(({ id }) => id));
  const last = new Map<string, Correction>();
  for (const one of message.corrections) {
    if (one.counts && one.shown && one.made_by !== "person") last.set(idOf(one.kind, one.shown), one);
  }
  return [...last].filter(([id, one]) => one.act === "remove" && !there.has(id)).map(([, one]) => one);
}

/** Where words first stand in a text, in Unicode scalar values; `null` where they do not. */
export function spanOf(text: string, words: string): Span | null {
  const sought = words.trim();
  const at = sought === "" ? -1 : text.indexOf(sought);
  if (at < 0) return null;
  const start = [...text.slice(0, at)].length;
  return [start, start + [...sought].length];
}

/** The labels of a text that is only tried: nobody said anything about them. */
export const asMessage = (text: string, assessment: Assessment): Message => ({
  id: "",
  direction: "inbound",
  kind: "comment",
  author: { id: null, display_name: "" },
  text,
  parent_id: null,
  visibility: "private",
  rating: null,
  permalink: null,
  published_at: "",
  received_at: "",
  edited_at: null,
  deleted_at: null,
  priority: assessment.priority,
  assessment,
  corrections: [],
  delivery: null,
  copy_of: null,
  also_said: [],
  moderation: { standing: "visible", by_us: false, can: [], open: null },
});
