import { type FormEvent, useId, useState } from "react";
import { Problem } from "../../api/client";
import { keys, useChange } from "../../api/hooks";
import { understand } from "../../api/operations";
import type { LabelKind, LabelName, Message, NewCorrection } from "../../api/types";
import { useLocale } from "../../i18n";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { KINDS, type Names, useSureness } from "../understand/names";
import { type Label, spanOf } from "./labels";

/** Stores what is said about a label and brings everything up to date that shows it. */
export function useCorrect(message: Message, conversation: string, done: () => void) {
  const { m } = useLocale();
  const change = useChange(
    (body: NewCorrection) => understand.correct(message.id, body),
    [keys.conversation(conversation), keys.queue, keys.counts, keys.understand],
  );
  const say = (body: NewCorrection) =>
    change.mutate(body, {
      onSuccess: () => {
        announce(m.understand.thanks);
        done();
      },
    });
  return { say, busy: change.isPending, problem: change.error };
}

interface Props {
  label: Label;
  message: Message;
  conversation: string;
  names: Names;
  /** Whether this person may say something about it here. */
  mayCorrect: boolean;
  onDone: () => void;
}

/** What is known about a label, and what a person can say about it. */
export function LabelMenu({ label, message, conversation, names, mayCorrect, onDone }: Props) {
  const { m } = useLocale();
  const { say, busy, problem } = useCorrect(message, conversation, onDone);
  const [mode, setMode] = useState<"look" | "change" | "remove">("look");
  const [note, setNote] = useState("");
  const shown = label.name;
  const asked = problem instanceof Problem && problem.code === "reason_missing";
  const remove = (event?: FormEvent) => {
    event?.preventDefault();
    say({ kind: label.kind, act: "remove", shown, note: note.trim() || undefined });
  };
  return (
    <div className="label-menu">
      <Facts label={label} message={message} names={names} />
      {mayCorrect && mode === "look" && !asked && (
        <div className="label-acts">
          {!label.setBy && !label.confirmedBy && (
            <button type="button" disabled={busy} onClick={() => say({ kind: label.kind, act: "confirm", shown })}>
              <Icon name="check" />
              {m.understand.right}
            </button>
          )}
          <button type="button" disabled={busy} onClick={() => setMode("change")}>
            <Icon name="tag" />
            {m.understand.other}
          </button>
          {label.kind !== "language" && (
            <button type="button" disabled={busy} onClick={() => (label.risk ? setMode("remove") : remove())}>
              <Icon name="cross" />
              {m.understand.wrong}
            </button>
          )}
        </div>
      )}
      {(mode === "remove" || (asked && mode === "look")) && (
        <form className="stack" onSubmit={remove}>
          <p className="small">{m.understand.lowering}</p>
          <Note value={note} onChange={setNote} needed />
          <div className="buttons">
            <button type="submit" className="primary" disabled={busy || note.trim() === ""}>
              {m.understand.wrong}
            </button>
            <button type="button" onClick={() => setMode("look")}>
              {m.common.back}
            </button>
          </div>
        </form>
      )}
      {mode === "change" && (
        <Choose
          kind={label.kind}
          names={names}
          current={shown}
          needsNote={label.risk || asked}
          busy={busy}
          submit={m.understand.change}
          onSay={(says, why) => say({ kind: label.kind, act: "change", shown, says, note: why })}
        />
      )}
      <ProblemNote problem={asked ? null : problem} />
    </div>
  );
}

const ICSR = ["patient", "reporter", "product", "event"] as const;

function Facts({ label, message, names }: { label: Label; message: Message; names: Names }) {
  const { m, tag } = useLocale();
  const sure = useSureness();
  const text = [...message.text];
  const words = label.evidence.map((span) => text.slice(span[0], span[1]).join(""));
  const claim = label.kind === "claim" ? names.claim(label.name.label) : undefined;
  const day = (date: string) =>
    new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));
  return (
    <div className="label-facts">
      <p className="muted">
        {label.setBy ? m.understand.setBy(label.setBy.name) : sure(label.score)}
        {label.confirmedBy && ` · ${m.understand.confirmedBy(label.confirmedBy.name)}`}
      </p>
      {label.was && <p className="muted">{m.understand.changedFrom(names.name(label.kind, label.was))}</p>}
      {label.because.length > 0 && (
        <p>
          <strong>{m.understand.because}:</strong>{" "}
          {label.because.map((reason) => m.understand.reasons[reason] ?? reason).join(", ")}
        </p>
      )}
      {words.length > 0 ? (
        <p>
          <strong>{m.understand.evidence}:</strong> <Quotes words={words} />
        </p>
      ) : (
        label.kind !== "language" && <p className="muted">{m.understand.noEvidence}</p>
      )}
      {label.icsr && (
        <p>
          <strong>{m.understand.icsr}:</strong>{" "}
          {ICSR.map((part) => (
            <span key={part} className="icsr-part">
              <Icon name={label.icsr?.[part] ? "check" : "cross"} /> {m.understand.icsrParts[part]}
              <span className="visually-hidden">
                {" "}
                {label.icsr?.[part] ? m.understand.icsrYes : m.understand.icsrNo}
              </span>
            </span>
          ))}
        </p>
      )}
      {claim && (
        <div className="label-claim">
          <p>
            <strong>{m.understand.known}:</strong> {claim.known}
          </p>
          <p className="muted">
            {claim.sources.map((source) => (
              <a key={source.url} href={source.url} target="_blank" rel="noreferrer noopener">
                {source.publisher}: {source.title}
              </a>
            ))}{" "}
            {m.understand.reviewedOn(day(claim.reviewed_on))}
          </p>
        </div>
      )}
      {!label.setBy && message.assessment?.made_by && (
        <p className="muted">{m.understand.readBy(message.assessment.made_by)}</p>
      )}
    </div>
  );
}

/** Words of a message, each in quotation marks. */
export function Quotes({ words }: { words: readonly string[] }) {
  return words.map((word, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of one label never move.
    <span key={index}>
      {index > 0 && ", "}
      <q>{word}</q>
    </span>
  ));
}

function Note({ value, onChange, needed }: { value: string; onChange: (value: string) => void; needed: boolean }) {
  const { m } = useLocale();
  return (
    <div className="field">
      <label>
        {needed ? m.understand.noteNeeded : m.understand.note}
        <input required={needed} maxLength={2000} value={value} onChange={(event) => onChange(event.target.value)} />
      </label>
    </div>
  );
}

/** What is selected on the page, where it stands in this text. */
function selectedIn(text: string | undefined): string {
  const chosen = window.getSelection()?.toString().trim() ?? "";
  return text?.includes(chosen) ? chosen : "";
}

interface ChooseProps {
  kind: LabelKind;
  names: Names;
  current: LabelName | null;
  needsNote: boolean;
  busy: boolean;
  submit: string;
  /** The text in which the label has a place, where it has one that is not known yet. */
  within?: string;
  onSay: (says: LabelName, note: string | undefined) => void;
}

/** Choosing the label that it should be. */
function Choose({ kind, names, current, needsNote, busy, submit, within, onSay }: ChooseProps) {
  const { m } = useLocale();
  const [label, setLabel] = useState(kind === "risk" || kind === "claim" ? (current?.label ?? "") : "");
  const [detail, setDetail] = useState("");
  const [note, setNote] = useState("");
  const [words, setWords] = useState(() => selectedIn(within));
  const first = useId();
  const details = names.details(kind, label);
  const taken = (value: string) => value === current?.label && details.length === 0;
  const span = within === undefined ? (current?.span ?? null) : spanOf(within, words);
  const placed = within === undefined || span !== null;
  const ready = label !== "" && placed && (details.length === 0 || detail !== "") && (!needsNote || note.trim() !== "");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onSay({ label, detail: detail || null, span }, note.trim() || undefined);
  };
  return (
    <form className="stack" onSubmit={send}>
      <div className="field">
        <label htmlFor={first}>{m.understand.shouldBe}</label>
        <select
          id={first}
          required
          value={label}
          onChange={(event) => {
            setLabel(event.target.value);
            setDetail("");
          }}
        >
          <option value="">{m.understand.choose}</option>
          {names
            .choices(kind)
            .filter(([value]) => !taken(value))
            .map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
        </select>
      </div>
      {details.length > 0 && (
        <div className="field">
          <label>
            {kind === "claim" ? m.understand.stance : m.understand.level}
            <select required value={detail} onChange={(event) => setDetail(event.target.value)}>
              <option value="">{m.understand.choose}</option>
              {details
                .filter(([value]) => value !== current?.detail || label !== current?.label)
                .map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
            </select>
          </label>
        </div>
      )}
      {within !== undefined && (
        <TextField
          label={m.understand.words}
          required
          value={words}
          error={words.trim() !== "" && span === null ? m.understand.wordsMissing : undefined}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <Note value={note} onChange={setNote} needed={needsNote} />
      <button type="submit" className="primary" disabled={busy || !ready}>
        {submit}
      </button>
    </form>
  );
}

/** Adding a label that is missing: its kind, then which. */
export function AddLabel({
  message,
  conversation,
  names,
  labels,
  onDone,
}: Omit<Props, "label" | "mayCorrect"> & { labels: Label[] }) {
  const { m } = useLocale();
  const { say, busy, problem } = useCorrect(message, conversation, onDone);
  const [kind, setKind] = useState<LabelKind>("intent");
  const single = (one: LabelKind) => one === "sentiment" && labels.some((label) => label.kind === "sentiment");
  // A language is always there: it is changed, not added.
  const kinds = KINDS.filter((one) => one !== "language" && !single(one));
  return (
    <div className="label-menu">
      <div className="field">
        <label>
          {m.understand.addKind}
          <select value={kind} onChange={(event) => setKind(event.target.value as LabelKind)}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {m.understand.kinds[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Choose
        key={kind}
        kind={kind}
        names={names}
        current={null}
        needsNote={false}
        busy={busy}
        submit={m.understand.add}
        within={kind === "identifier" ? message.text : undefined}
        onSay={(says, note) => say({ kind, act: "add", says, note })}
      />
      <ProblemNote problem={problem} />
    </div>
  );
}
