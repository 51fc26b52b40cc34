import { useMemo, useState } from "react";
import type { Message, Span } from "../../api/types";
import { useLocale } from "../../i18n";
import { type Mark, pieces } from "../../lib/spans";
import { Icon, type IconName } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import { INTENT_ICONS } from "./views";

interface Label {
  id: string;
  text: string;
  icon: IconName;
  score: number | null;
  evidence: Span[];
  risk: boolean;
}

function useLabels(message: Message): Label[] {
  const { m } = useLocale();
  return useMemo(() => {
    const read = message.assessment;
    if (!read) return [];
    const named = (label: string) => (m.answer.intents as Record<string, string>)[label] ?? label.replaceAll("_", " ");
    const risks = (read.risks.length > 0 ? read.risks : read.risk ? [read.risk] : []).map((risk) => ({
      id: `risk-${risk.label}-${risk.level}`,
      text: `${named(risk.label)}: ${m.answer.levels[risk.level] ?? risk.level}`,
      icon: INTENT_ICONS[risk.label] ?? ("alert" as IconName),
      score: risk.score,
      evidence: risk.evidence,
      risk: risk.level !== "C0",
    }));
    const risky = new Set<string>(read.risks.map((risk) => risk.label));
    const intents = read.intents
      .filter((intent) => !risky.has(intent.label))
      .map((intent) => ({
        id: `intent-${intent.label}`,
        text: named(intent.label),
        icon: INTENT_ICONS[intent.label] ?? ("tag" as IconName),
        score: intent.score,
        evidence: intent.evidence,
        risk: false,
      }));
    const themes = read.themes.map((theme) => ({
      id: `theme-${theme.label}`,
      text: theme.label.replaceAll("_", " "),
      icon: "tag" as IconName,
      score: theme.score,
      evidence: theme.evidence,
      risk: false,
    }));
    const mood = read.sentiment
      ? [
          {
            id: "mood",
            text: m.answer.sentiments[read.sentiment.label] ?? read.sentiment.label,
            icon: "mood" as IconName,
            score: null,
            evidence: read.sentiment.evidence,
            risk: false,
          },
        ]
      : [];
    return [...risks, ...intents, ...themes, ...mood];
  }, [message.assessment, m]);
}

/** What decided a risk or an intent is underlined all the time, the rest while its label is pointed at. */
function evidenceClass(metas: readonly string[], lit: string | null): string {
  if (lit !== null && metas.includes(lit)) return "evidence is-lit";
  return metas.some((id) => id.startsWith("risk-") || id.startsWith("intent-")) ? "evidence" : "evidence is-faint";
}

/** One message as it came, with what Bedside read in it and the words that decided it. */
export function MessageCard({ message }: { message: Message }) {
  const { m, tag } = useLocale();
  const labels = useLabels(message);
  const [lit, setLit] = useState<string | null>(null);
  const marks: Mark<string>[] = labels.flatMap((label) => label.evidence.map((span) => ({ span, meta: label.id })));
  const percent = new Intl.NumberFormat(tag, { style: "percent" });
  const wordsOf = (label: Label) =>
    label.evidence.map((span) => `“${[...message.text].slice(span[0], span[1]).join("")}”`).join(", ");
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
      <p className="message-text" lang={message.assessment?.language}>
        {pieces(message.text, marks).map((piece, index) =>
          piece.metas.length > 0 ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
            <mark key={index} className={evidenceClass(piece.metas, lit)}>
              {piece.text}
            </mark>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
            <span key={index}>{piece.text}</span>
          ),
        )}
      </p>
      {labels.length > 0 && (
        <ul className="chips" aria-label={m.answer.labels}>
          {labels.map((label) => (
            <li key={label.id}>
              <button
                type="button"
                className={label.risk ? "chip is-risk" : "chip"}
                title={m.answer.labelsHint}
                aria-pressed={lit === label.id}
                onMouseEnter={() => setLit(label.id)}
                onMouseLeave={() => setLit(null)}
                onFocus={() => setLit(label.id)}
                onBlur={() => setLit(null)}
                onClick={() => setLit(label.id)}
              >
                <Icon name={label.icon} />
                {label.text}
                <span className="visually-hidden">
                  {label.score !== null && `, ${m.answer.confidence(percent.format(label.score))}`}
                  {label.evidence.length > 0 && `, ${m.answer.words(wordsOf(label))}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
