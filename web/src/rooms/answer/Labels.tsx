import { type ReactNode, useState } from "react";
import { Button, Dialog, DialogTrigger, Heading, Popover } from "react-aria-components";
import { useClaims, useMay } from "../../api/hooks";
import type { Hcat, Message } from "../../api/types";
import { useLocale } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { type Names, sureness, useNames, useSureness } from "../understand/names";
import { AddLabel, LabelMenu, Quotes, useCorrect } from "./LabelMenu";
import { HCAT, type Label, labelsOf, removedOf } from "./labels";

interface Props {
  message: Message;
  conversation: string;
  /** Which label's words are lit in the text. */
  onLit: (id: string | null) => void;
  /** Only to be looked at: a text that is tried. */
  readOnly?: boolean;
}

/** What Bedside read in a message, each with how sure it is; pressing one tells why and lets a person correct it. */
export function Labels({ message, conversation, onLit, readOnly }: Props) {
  const { m } = useLocale();
  const may = useMay();
  const labels = labelsOf(message);
  const mayCorrect = may("correct_label") && !readOnly;
  const hasClaims = labels.some(({ kind }) => kind === "claim");
  const claims = useClaims(hasClaims || mayCorrect);
  const names = useNames(claims.data?.items);
  if (labels.length === 0) return null;
  const main = labels.filter(({ kind }) => kind !== "identifier");
  const identifiers = labels.filter(({ kind }) => kind === "identifier");
  const chip = (label: Label) => (
    <li key={label.id}>
      <Chip label={label} names={names} onLit={onLit}>
        {(close) => (
          <LabelMenu
            label={label}
            message={message}
            conversation={conversation}
            names={names}
            mayCorrect={mayCorrect}
            onDone={close}
          />
        )}
      </Chip>
    </li>
  );
  return (
    <div className="labels">
      {message.assessment?.needs_reader && (
        <p className="reader-note">
          <Icon name="alert" /> {m.understand.readerNote}
        </p>
      )}
      <ul className="chips" aria-label={m.answer.labels}>
        {main.map(chip)}
        {message.assessment?.hcat && <HcatChip hcat={message.assessment.hcat} text={message.text} onLit={onLit} />}
        {mayCorrect && (
          <li>
            <Chipped name={m.understand.addLabel} className="chip is-add" icon="plus">
              {(close) => (
                <AddLabel message={message} conversation={conversation} names={names} labels={labels} onDone={close} />
              )}
            </Chipped>
          </li>
        )}
      </ul>
      <Removed message={message} conversation={conversation} labels={labels} names={names} />
      {identifiers.length > 0 && (
        <details className="found">
          <summary>{m.understand.identifiers(identifiers.length)}</summary>
          <ul className="chips">{identifiers.map(chip)}</ul>
        </details>
      )}
    </div>
  );
}

function Chip({
  label,
  names,
  onLit,
  children,
}: {
  label: Label;
  names: Names;
  onLit: (id: string | null) => void;
  children: (close: () => void) => ReactNode;
}) {
  const { m } = useLocale();
  const name = names.name(label.kind, label.name);
  const who = label.setBy ? m.understand.setBy(label.setBy.name) : null;
  const agreed = label.confirmedBy ? m.understand.confirmedBy(label.confirmedBy.name) : null;
  const reasons = label.because.map((reason) => m.understand.reasons[reason] ?? reason).join(", ");
  return (
    <Chipped
      name={name}
      title={m.understand.menu(name)}
      className={`chip${label.risk ? " is-risk" : ""}${label.setBy ? " is-set" : ""}`}
      icon={label.icon}
      aside={who ?? agreed ?? (label.score > 0 ? sureness(label.score, m) : undefined)}
      reasons={reasons}
      onLit={(on) => onLit(on ? label.id : null)}
    >
      {children}
    </Chipped>
  );
}

/** Where a complaint belongs and how grave it is told; a reading aid that nobody corrects. */
function HcatChip({ hcat, text, onLit }: { hcat: Hcat; text: string; onLit: (id: string | null) => void }) {
  const { m } = useLocale();
  const sure = useSureness();
  const scalars = [...text];
  const name = m.understand.complaintAbout(
    m.understand.hcatProblems[hcat.problem] ?? hcat.problem,
    m.understand.severities[hcat.severity] ?? "",
  );
  return (
    <li>
      <Chipped
        name={name}
        title={m.understand.hcatTitle}
        className="chip"
        icon="complaint"
        aside={sureness(hcat.score, m)}
        onLit={(on) => onLit(on ? HCAT : null)}
      >
        {() => (
          <div className="label-facts">
            <p>{name}</p>
            <p className="muted">
              {m.understand.hcatDomain}: {m.understand.hcatDomains[hcat.domain] ?? hcat.domain} · {sure(hcat.score)}
            </p>
            {hcat.because.length > 0 && (
              <p>
                <strong>{m.understand.because}:</strong>{" "}
                {hcat.because.map((reason) => m.understand.reasons[reason] ?? reason).join(", ")}
              </p>
            )}
            {hcat.evidence.length > 0 && (
              <p>
                <strong>{m.understand.evidence}:</strong>{" "}
                <Quotes words={hcat.evidence.map((span) => scalars.slice(span[0], span[1]).join(""))} />
              </p>
            )}
          </div>
        )}
      </Chipped>
    </li>
  );
}

interface ChippedProps {
  name: string;
  title?: string;
  className: string;
  icon: Parameters<typeof Icon>[0]["name"];
  aside?: string;
  reasons?: string;
  onLit?: (on: boolean) => void;
  children: (close: () => void) => ReactNode;
}

/** A chip that opens what belongs to it; its words are lit while it is pointed at, focused or open. */
function Chipped({ name, title, className, icon, aside, reasons, onLit, children }: ChippedProps) {
  const [open, setOpen] = useState(false);
  const change = (next: boolean) => {
    setOpen(next);
    onLit?.(next);
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={change}>
      <Button
        className={className}
        onHoverStart={() => onLit?.(true)}
        onHoverEnd={() => !open && onLit?.(false)}
        onFocus={() => onLit?.(true)}
        onBlur={() => !open && onLit?.(false)}
      >
        <Icon name={icon} />
        <span>
          <span className="chip-name">{name}</span>
          {reasons && <span className="chip-aside"> ({reasons})</span>}
          {aside && <span className="chip-aside"> · {aside}</span>}
        </span>
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body">
          <Heading slot="title" level={3}>
            {title ?? name}
          </Heading>
          {children(() => change(false))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Removed({
  message,
  conversation,
  labels,
  names,
}: {
  message: Message;
  conversation: string;
  labels: Label[];
  names: Names;
}) {
  const { m } = useLocale();
  const may = useMay();
  const { say, busy } = useCorrect(message, conversation, () => undefined);
  const removed = removedOf(message, labels);
  if (removed.length === 0) return null;
  return (
    <ul className="removed">
      {removed.map((one) => (
        <li key={one.id}>
          <s>{one.shown && names.name(one.kind, one.shown)}</s> · {m.understand.removedBy(one.by.name)}
          {one.note && `: ${one.note}`}
          {may("correct_label") && (
            <button
              type="button"
              className="quiet"
              disabled={busy}
              onClick={() => one.shown && say({ kind: one.kind, act: "add", says: one.shown })}
            >
              {m.understand.putBack}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
