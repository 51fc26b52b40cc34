import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "../../api/hooks";
import { answer } from "../../api/operations";
import type { RankStep, WhyPage as Why } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Loaded } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import { useNames, useSureness } from "../understand/names";
import "../listen/listen.css";
import "../understand/understand.css";
import { Quotes } from "./LabelMenu";
import { MessageText } from "./MessageText";
import { Due } from "./QueueRow";
import { INTENT_ICONS } from "./views";
import { reasonOf } from "./why";

/** Why a conversation stands where it stands: its rank, each step that led there, and the words behind it. */
export function WhyPage() {
  const m = useMessages();
  const { id } = useParams({ from: "/frame/why/$id" });
  const query = useQuery({ queryKey: [...keys.conversation(id), "why"], queryFn: () => answer.why(id) });
  const title = query.data?.ahead === 0 ? m.understand.whyFirstTitle : m.understand.whyTitle;
  useTitle(title);
  return (
    <div className="listen-page why-page">
      <header className="page-top">
        <div>
          <h1>{title}</h1>
          <p>
            <Link to="/inbox/$id" params={{ id }}>
              {m.understand.toConversation}
            </Link>
          </p>
        </div>
      </header>
      <Loaded query={query} shape="card" rows={3}>
        {(why) => <Steps why={why} />}
      </Loaded>
    </div>
  );
}

const stepId = (step: RankStep, index: number) => `risk|${step.kind}|${step.label ?? ""}|${index}`;

function Steps({ why }: { why: Why }) {
  const m = useMessages();
  const [lit, setLit] = useState<string | null>(null);
  const { conversation, message, steps } = why;
  const marks = steps.map((step, index) => ({ id: stepId(step, index), kind: step.kind, evidence: step.evidence }));
  return (
    <>
      <section className="section-card" aria-label={m.understand.whyTitle}>
        <p className="why-rank">
          <strong>
            {m.understand.rank(conversation.priority, m.understand.rankNames[conversation.priority] ?? "")}
          </strong>
        </p>
        <p>{placeOf(why, m)}</p>
        {conversation.needs_reader && (
          <p className="reader-note">
            <Icon name="alert" /> {m.understand.readerNote}
          </p>
        )}
        {why.held && (
          <p className="reader-note">
            <Icon name="alert" /> {m.understand.held}
          </p>
        )}
      </section>
      <section className="section-card" aria-labelledby="why-steps">
        <h2 id="why-steps">{m.understand.whySteps}</h2>
        <ol className="rank-steps">
          {steps.map((step, index) => (
            <Step
              key={stepId(step, index)}
              step={step}
              text={message?.text ?? ""}
              onLit={(on) => setLit(on ? stepId(step, index) : null)}
            />
          ))}
          <li className="rank-step">
            <div className="rank-head">
              <Icon name="clock" />
              <strong>{m.understand.clock}</strong>
              <Due item={conversation} />
            </div>
            <p className="small">{why.clock.minutes === null ? m.understand.noClock : m.understand.clockDue}</p>
          </li>
        </ol>
      </section>
      {message && (
        <section className="section-card" aria-labelledby="why-message">
          <h2 id="why-message">{m.understand.message}</h2>
          <p className="small">
            {message.author.display_name} · <Time at={message.published_at} />
          </p>
          <MessageText message={message} labels={marks} lit={lit} />
        </section>
      )}
      {why.others_waiting.length > 0 && (
        <section className="section-card" aria-labelledby="why-others">
          <h2 id="why-others">{m.understand.othersWaiting}</h2>
          <ul className="plain-list">
            {why.others_waiting.map((other) => (
              <li key={other.id}>
                {m.understand.otherRank(other.priority)}: {m.understand.rankNames[other.priority]} ·{" "}
                <Time at={other.received_at} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function placeOf(why: Why, m: ReturnType<typeof useMessages>): string {
  if (why.ahead === null) return m.understand.notOpen;
  if (why.ahead === 0) return m.understand.first;
  return why.ahead >= 1000 ? m.understand.aheadMost : m.understand.ahead(why.ahead);
}

function Step({ step, text, onLit }: { step: RankStep; text: string; onLit: (on: boolean) => void }) {
  const m = useMessages();
  const names = useNames();
  const sure = useSureness();
  const scalars = [...text];
  const kind = step.level === null ? "intent" : "risk";
  const name = step.label ? names.name(kind, { label: step.label, detail: step.level, span: null }) : null;
  const icon = (step.label && INTENT_ICONS[step.label as keyof typeof INTENT_ICONS]) || "tag";
  return (
    // The words are lit while the step is pointed at, and always stand in it as text.
    <li
      className={step.decides ? "rank-step is-deciding" : "rank-step"}
      onMouseEnter={() => onLit(true)}
      onMouseLeave={() => onLit(false)}
    >
      <div className="rank-head">
        <Icon name={icon} />
        <strong>{reasonOf(step, m)}</strong>
        {step.decides && <span className="decides">{m.understand.decided}</span>}
      </div>
      <p className="small facts">
        {name && <span>{name}</span>}
        <span>{step.rank === null ? m.understand.mark : m.understand.rankIf(step.rank)}</span>
        {step.set_by ? (
          <span>{m.understand.setBy(step.set_by.name)}</span>
        ) : (
          step.score !== null && <span>{sure(step.score)}</span>
        )}
      </p>
      {step.because.length > 0 && (
        <p>
          {m.understand.because}: {step.because.map((reason) => m.understand.reasons[reason] ?? reason).join(", ")}
        </p>
      )}
      {step.evidence.length > 0 && (
        <p>
          {m.understand.evidence}:{" "}
          <Quotes words={step.evidence.map((span) => scalars.slice(span[0], span[1]).join(""))} />
        </p>
      )}
    </li>
  );
}
