import { type KeyboardEvent, useId } from "react";
import type { Finding } from "../../api/types";
import { useMessages } from "../../i18n";
import { pieces } from "../../lib/spans";

interface Props {
  text: string;
  onChange: (text: string) => void;
  findings: readonly Finding[];
  readOnly: boolean;
  describedBy: string;
  onSend: () => void;
}

/**
 * The text as it is typed. Behind the field lies the same text, where what is blocked or warned of is marked with a
 * pattern; the two share one grid cell, so the field grows with its text and the marks stay under their words.
 */
export function ReplyField({ text, onChange, findings, readOnly, describedBy, onSend }: Props) {
  const m = useMessages();
  const hint = useId();
  const marks = findings
    .filter((finding) => finding.end > finding.start)
    .map((finding) => ({ span: [finding.start, finding.end] as [number, number], meta: finding.severity }));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
    }
  };
  return (
    <div className="reply-field">
      <div className="reply-marks" aria-hidden="true">
        {pieces(text, marks).map((piece, index) => {
          const worst = piece.metas.includes("block") ? "is-block" : piece.metas.includes("warn") ? "is-warn" : "";
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move.
            <span key={index} className={worst}>
              {piece.text}
            </span>
          );
        })}{" "}
      </div>
      <textarea
        id="reply"
        aria-label={m.door.label}
        aria-describedby={`${describedBy} ${hint}`}
        aria-invalid={findings.some(({ severity }) => severity === "block") || undefined}
        placeholder={readOnly ? undefined : m.door.placeholder}
        readOnly={readOnly}
        value={text}
        rows={6}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKey}
      />
      <span id={hint} className="visually-hidden">
        {findings
          .filter(({ severity }) => severity !== "allow")
          .map((finding) => `${finding.severity === "block" ? m.door.blocked : m.door.warning}: ${finding.evidence}`)
          .join(". ")}
      </span>
    </div>
  );
}
