import { type FormEvent, useState } from "react";
import { useChange, useRules } from "../../api/hooks";
import { door } from "../../api/operations";
import type { GuardRule, Verdict } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useLocale, useMessages } from "../../i18n";
import { pieces } from "../../lib/spans";
import { Loaded, ProblemNote } from "../../ui/Feedback";
import { TextArea } from "../../ui/Field";
import { State } from "../listen/parts";
import "../listen/listen.css";
import "./trust.css";

/** A rule as the server tells it, with what newer servers add. */
type Rule = GuardRule & { instead?: string; overridable?: boolean };

const TONES = { allow: "ok", warn: "warn", block: "bad" } as const;

/** What no reply may say: each rule with its source, dates and examples, and a sentence to try. */
export function RulesPage() {
  const m = useMessages();
  const rules = useRules();
  useTitle(m.trust.rules);
  return (
    <div className="trust-page">
      <header className="page-top">
        <div>
          <h1>{m.trust.rules}</h1>
          <p>{m.trust.rulesLead}</p>
        </div>
      </header>
      <Try />
      <Loaded query={rules} shape="card" rows={4}>
        {(page) => (
          <ul className="plain-list">
            {page.items.map((rule) => (
              <li key={rule.id}>
                <RuleCard rule={rule} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </div>
  );
}

function Try() {
  const m = useMessages();
  const [text, setText] = useState("");
  const check = useChange(async (tried: string) => ({ tried, verdict: await door.check({ text: tried }) }), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) check.mutate(text);
  };
  return (
    <section className="section-card" aria-labelledby="try">
      <div>
        <h2 id="try">{m.trust.try}</h2>
        <p className="small">{m.trust.tryLead}</p>
      </div>
      <form className="stack" onSubmit={submit}>
        <TextArea label={m.trust.tryLabel} rows={2} value={text} onChange={(event) => setText(event.target.value)} />
        <div className="row-actions">
          <button type="submit" disabled={check.isPending}>
            {m.trust.check}
          </button>
        </div>
      </form>
      <ProblemNote problem={check.error} />
      <div role="status">{check.data && <Outcome text={check.data.tried} verdict={check.data.verdict} />}</div>
    </section>
  );
}

function Outcome({ text, verdict }: { text: string; verdict: Verdict }) {
  const m = useMessages();
  const sentence = { allow: m.trust.passes, warn: m.trust.warns, block: m.trust.blocks }[verdict.verdict];
  const marks = verdict.findings.map((finding) => ({
    span: [finding.start, finding.end] as [number, number],
    meta: finding.rule,
  }));
  let at = 0;
  return (
    <div className="stack">
      <State tone={TONES[verdict.verdict]} text={sentence} />
      {verdict.findings.length > 0 && (
        <p>
          {pieces(text, marks).map((piece) => {
            at += piece.text.length;
            return piece.metas.length > 0 ? (
              <mark key={at} className="quote">
                {piece.text}
              </mark>
            ) : (
              piece.text
            );
          })}
        </p>
      )}
      <ul className="plain-list lined">
        {verdict.findings.map((finding) => (
          <li key={`${finding.rule}-${finding.start}-${finding.end}`}>
            <strong>
              {finding.rule} · {m.trust.severities[finding.severity]}
            </strong>
            <p>{finding.why}</p>
            {finding.instead && (
              <p className="small">
                {m.trust.insteadSay}: {finding.instead}
              </p>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function RuleCard({ rule }: { rule: Rule }) {
  const m = useMessages();
  const { tag } = useLocale();
  const day = (date: string) =>
    new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));
  const severity = rule.severity ?? "block";
  const dates = [
    rule.in_force_from && m.trust.inForce(day(rule.in_force_from)),
    rule.in_force_to && m.trust.until(day(rule.in_force_to)),
    rule.reviewed && m.trust.reviewed(day(rule.reviewed)),
  ].filter(Boolean);
  return (
    <article className="section-card" aria-labelledby={`rule-${rule.id}`}>
      <header className="card-head">
        <div>
          <h2 id={`rule-${rule.id}`}>
            <span className="rule-id">{rule.id}</span> {rule.title}
          </h2>
          <p>{dates.join(" · ")}</p>
        </div>
        <State tone={TONES[severity]} text={m.trust.severities[severity]} />
      </header>
      <p>{rule.text}</p>
      {rule.instead && (
        <p>
          <strong>{m.trust.insteadSay}:</strong> {rule.instead}
        </p>
      )}
      <p className="small">
        {m.trust.citation}: {rule.citation}
        {severity === "block" &&
          rule.overridable !== undefined &&
          ` · ${rule.overridable ? m.trust.overridable : m.trust.notOverridable}`}
      </p>
      <div className="rule-examples">
        <Examples title={m.trust.blockedExample} kind="is-blocked" texts={rule.examples.blocked} />
        <Examples title={m.trust.allowedExample} kind="is-allowed" texts={rule.examples.allowed} />
      </div>
    </article>
  );
}

function Examples({ title, kind, texts }: { title: string; kind: string; texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <div className={kind}>
      <State tone={kind === "is-blocked" ? "bad" : "ok"} text={title} />
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}
