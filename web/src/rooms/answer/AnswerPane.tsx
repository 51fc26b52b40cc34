import { useEffect, useRef } from "react";
import { useMay } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Conversation, Message, Readability } from "../../api/types";
import { useLocale } from "../../i18n";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { Findings } from "./Findings";
import { Prepared } from "./Prepared";
import { ReplyField } from "./ReplyField";
import { SendBox } from "./SendBox";
import { useReply } from "./useReply";

const IDLE_MS = 5000;

export function AnswerPane({
  conversation,
  to,
  onNewest,
  onWriting,
}: {
  conversation: Conversation;
  /** The message that was chosen to be answered; without one it is the newest that waits. */
  to: Message | null;
  onNewest: () => void;
  onWriting: (writing: boolean) => void;
}) {
  const { m } = useLocale();
  const may = useMay();
  const mayWrite = may("draft_reply");
  const reply = useReply(conversation, mayWrite, to?.id ?? null);
  const idle = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(idle.current), []);
  const write = (text: string) => {
    reply.setText(text);
    onWriting(true);
    window.clearTimeout(idle.current);
    idle.current = window.setTimeout(() => onWriting(false), IDLE_MS);
  };
  const primary = async () => {
    if (reply.busy || reply.text.trim() === "") return;
    const ready = await reply.act(async (draft) =>
      draft.needs_second_person && draft.state !== "approved" && draft.state !== "awaiting_approval"
        ? door.submit(draft.id)
        : draft,
    );
    if (ready?.can_send && (await reply.send())) announce(m.door.sent);
  };
  const use = (text: string) => {
    write(reply.text.trim() === "" ? text : `${reply.text.trimEnd()}\n\n${text}`);
    document.getElementById("reply")?.focus();
  };
  // The skeleton takes the place of what was stopped: beside it the text would still be stopped.
  const replace = (text: string) => {
    write(text);
    announce(m.door.skeletonUsed);
    document.getElementById("reply")?.focus();
  };
  return (
    <>
      <header className="pane-head">
        <h2>
          {m.door.to(
            to?.author.display_name ?? conversation.author.display_name,
            m.answer.visibility[to?.visibility ?? conversation.visibility],
          )}
        </h2>
      </header>
      <div className="pane-body">
        {to && (
          <div className="answering">
            <p>
              <strong>{m.moderation.answering(to.author.display_name)}</strong>
            </p>
            <button type="button" className="quiet" onClick={onNewest}>
              {m.moderation.answerNewest}
            </button>
            <p className="muted quoted">{to.text}</p>
          </div>
        )}
        <ReplyField
          text={reply.text}
          onChange={write}
          findings={reply.verdict?.findings ?? []}
          readOnly={!mayWrite}
          describedBy="verdict"
          onSend={() => void primary()}
        />
        <Facts readability={reply.verdict?.readability ?? null} saved={reply.draft !== null && reply.clean} />
        <Findings reply={reply} conversation={conversation.id} onSkeleton={replace} />
        {mayWrite && <Prepared conversation={conversation.id} onUse={use} />}
        <ProblemNote problem={reply.problem} />
        <SendBox conversation={conversation} reply={reply} onPrimary={() => void primary()} />
      </div>
    </>
  );
}

/** How hard the text is to read, in one quiet line. */
function Facts({ readability, saved }: { readability: Readability | null; saved: boolean }) {
  const { m, tag } = useLocale();
  const grade = readability?.smog ?? readability?.fk_grade ?? null;
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const plainer = readability?.hard_words.filter((word) => word.plainer).slice(0, 3) ?? [];
  return (
    <p className="muted facts reply-facts">
      {readability && <span>{m.door.wordCount(readability.words)}</span>}
      {readability && (
        <span>{readability.short_text || grade === null ? m.door.gradeShort : m.door.grade(number.format(grade))}</span>
      )}
      {readability && readability.longest_sentence > 20 && (
        <span>{m.door.longSentence(readability.longest_sentence)}</span>
      )}
      {plainer.map((word) => (
        <span key={word.word}>{m.door.plainer(word.word, word.plainer ?? "")}</span>
      ))}
      {saved && <span>{m.door.keep}</span>}
    </p>
  );
}
