import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { keys, useChange, useConversation, useMay, useMe, useUsers } from "../../api/hooks";
import { answer } from "../../api/operations";
import type { Conversation, Message } from "../../api/types";
import { type Messages, useLocale, useMessages } from "../../i18n";
import { placeName } from "../../lib/place";
import { setPresence, usePresenceOf } from "../../live/stream";
import { announce } from "../../ui/announce";
import { ProblemNote, Skeleton } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { AnswerPane } from "./AnswerPane";
import { CaseBox } from "./CaseBox";
import { HandOverDialog } from "./HandOverDialog";
import { MessageCard } from "./MessageCard";
import { standingOf } from "./Moderation";
import { Notes } from "./Notes";
import { OwnReply } from "./OwnReply";
import { Due } from "./QueueRow";
import { ResolveDialog, SnoozeDialog } from "./StateDialogs";
import { Timeline } from "./Timeline";
import { barOf } from "./views";
import { partOf } from "./why";

export type OpenDialog = "snooze" | "resolve" | "handOver" | null;

interface Props {
  id: string;
  dialog: OpenDialog;
  setDialog: (dialog: OpenDialog) => void;
  onBack: () => void;
}

const PRESENCE_MS = 20_000;

export function ConversationView({ id, dialog, setDialog, onBack }: Props) {
  const m = useMessages();
  const query = useConversation(id);
  const [writing, setWriting] = useState(false);
  const [pane, setPane] = useState<"conversation" | "answer">("conversation");
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => {
    const tell = () => {
      void answer
        .presence(id, writing)
        .then(({ others }) => setPresence(id, others))
        .catch(() => undefined);
    };
    tell();
    const timer = window.setInterval(tell, PRESENCE_MS);
    return () => window.clearInterval(timer);
  }, [id, writing]);

  const conversation = query.data;
  const to = conversation?.messages.find((message) => message.id === chosen && !message.deleted_at) ?? null;
  const answerTo = (message: string) => {
    setChosen(message);
    setPane("answer");
    announce(m.moderation.answerChosen);
    // The field stands there once the page shows it.
    window.requestAnimationFrame(() => document.getElementById("reply")?.focus());
  };
  return (
    <div className={`open is-${pane}`}>
      <div className="pane-switch">
        <button type="button" className="quiet" onClick={onBack}>
          <Icon name="back" />
          {m.common.back}
        </button>
        <button type="button" aria-pressed={pane === "conversation"} onClick={() => setPane("conversation")}>
          {m.answer.conversation}
        </button>
        <button type="button" aria-pressed={pane === "answer"} onClick={() => setPane("answer")}>
          {m.door.title}
        </button>
      </div>
      <section className="pane conversation" aria-label={m.answer.conversation}>
        {conversation ? (
          <Content conversation={conversation} setDialog={setDialog} to={to} onAnswer={answerTo} />
        ) : (
          <div className="pane-body">
            {query.error ? (
              <ProblemNote problem={query.error} onRetry={() => void query.refetch()} />
            ) : (
              <Skeleton rows={5} shape="card" />
            )}
          </div>
        )}
      </section>
      <section className="pane answer" aria-label={m.door.title}>
        {conversation ? (
          <AnswerPane
            key={to?.id ?? ""}
            conversation={conversation}
            to={to}
            onNewest={() => setChosen(null)}
            onWriting={setWriting}
          />
        ) : (
          <Skeleton rows={3} />
        )}
      </section>
      {conversation && dialog === "snooze" && <SnoozeDialog id={id} onClose={() => setDialog(null)} />}
      {conversation && dialog === "resolve" && <ResolveDialog id={id} onClose={() => setDialog(null)} />}
      {conversation && dialog === "handOver" && <HandOverDialog id={id} onClose={() => setDialog(null)} />}
    </div>
  );
}

function Content({
  conversation,
  setDialog,
  to,
  onAnswer,
}: {
  conversation: Conversation;
  setDialog: (dialog: OpenDialog) => void;
  to: Message | null;
  onAnswer: (message: string) => void;
}) {
  const m = useMessages();
  const may = useMay();
  // With one message there is nothing to choose.
  const theirs = conversation.messages.filter((message) => message.direction === "inbound" && !message.deleted_at);
  const choose = may("draft_reply") && theirs.length > 1;
  const others = usePresenceOf(conversation.id);
  const writers = others.filter(({ writing }) => writing);
  const lookers = others.filter(({ writing }) => !writing);
  const bar = barOf(conversation);
  const replied = new Set(conversation.messages.flatMap((message) => message.delivery?.outbox_id ?? []));
  const leaving = conversation.drafts.filter(({ outbox }) => outbox && !replied.has(outbox.id));
  return (
    <>
      <header className={`pane-head conversation-head${bar ? ` is-${bar}` : ""}`}>
        <div>
          <h2>
            {conversation.author.id ? (
              <Link to="/people/$id" params={{ id: conversation.author.id }}>
                {conversation.author.display_name}
              </Link>
            ) : (
              conversation.author.display_name
            )}
          </h2>
          <p className="muted facts">
            <span>
              {m.door.place(
                placeName(conversation.place),
                m.answer.networks[conversation.network] ?? conversation.network,
              )}
            </span>
            <span>{m.answer.times(conversation.author.times)}</span>
            {conversation.rating !== null && <span>{m.answer.stars(conversation.rating)}</span>}
            <span>{heldOf(conversation, m) || m.answer.visibility[conversation.visibility]}</span>
            <Due item={conversation} />
          </p>
        </div>
        <Actions conversation={conversation} setDialog={setDialog} />
      </header>
      <div className="pane-body">
        <div aria-live="polite">
          {lookers.length > 0 && (
            <p className="presence">{m.answer.looking(lookers.map(({ name }) => name).join(", "))}</p>
          )}
          {writers.length > 0 && (
            <p className="presence is-writing">{m.answer.writing(writers.map(({ name }) => name).join(", "))}</p>
          )}
        </div>
        <Why conversation={conversation} />
        <ol className="messages" aria-label={m.answer.messages}>
          {conversation.messages.map((message) =>
            message.direction === "own_reply" ? (
              <OwnReply key={message.id} conversation={conversation} message={message} />
            ) : (
              <MessageCard
                key={message.id}
                message={message}
                conversation={conversation}
                onAnswer={choose && theirs.includes(message) ? onAnswer : null}
                answered={message.id === to?.id}
                original={conversation.messages.find(({ id }) => id === message.copy_of?.message_id) ?? null}
              />
            ),
          )}
          {leaving.map((draft) => (
            <OwnReply key={draft.id} conversation={conversation} draft={draft} />
          ))}
        </ol>
        {conversation.case && <CaseBox handed={conversation.case} />}
        <Notes conversation={conversation} />
        <Timeline conversation={conversation} />
      </div>
    </>
  );
}

/** What is held or hidden is read by nobody else, which is not the same as written in private. */
function heldOf(conversation: Conversation, m: Messages): string {
  const theirs = conversation.messages.filter((message) => message.direction === "inbound" && !message.deleted_at);
  const out = theirs.find(({ moderation: { standing } }) => standing === "held" || standing === "hidden");
  return conversation.visibility === "private" && out ? standingOf(out, m) : "";
}

function Why({ conversation }: { conversation: Conversation }) {
  const { m, tag } = useLocale();
  return (
    <details className="why">
      <summary>{m.answer.why}</summary>
      <p>
        {m.understand.rank(conversation.priority, m.understand.rankNames[conversation.priority] ?? "")}.{" "}
        <Link to="/why/$id" params={{ id: conversation.id }}>
          {m.understand.whyAll}
        </Link>
      </p>
      <ul>
        {conversation.why.parts.map((part) => (
          <li key={part.sentence}>{partOf(part, conversation.clock, m, tag)}</li>
        ))}
      </ul>
    </details>
  );
}

function Actions({ conversation, setDialog }: { conversation: Conversation; setDialog: (dialog: OpenDialog) => void }) {
  const m = useMessages();
  const may = useMay();
  const me = useMe().data?.user;
  const users = useUsers(may("manage_users")).data?.items ?? [];
  const stale = [keys.queue, keys.counts, keys.conversation(conversation.id)];
  const assign = useChange((user: string | null) => answer.assign(conversation.id, user), stale);
  const reopen = useChange(() => answer.reopen(conversation.id), stale);
  const assigned = conversation.assigned_to;
  const people = new Map<string, string>();
  if (me) people.set(me.id, `${me.name} (${m.trust.you})`);
  if (assigned && !people.has(assigned.id)) people.set(assigned.id, assigned.name);
  for (const user of users) if (user.active && !people.has(user.id)) people.set(user.id, user.name);
  return (
    <div className="actions">
      {may("assign") && (
        <select
          aria-label={m.answer.assign}
          value={assigned?.id ?? ""}
          disabled={assign.isPending}
          onChange={(event) => assign.mutate(event.target.value || null)}
        >
          <option value="">{m.answer.nobody}</option>
          {[...people].map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      {may("hand_over") && !conversation.case && (
        <button type="button" onClick={() => setDialog("handOver")}>
          <Icon name="phone" />
          {m.answer.handOver}
        </button>
      )}
      {may("snooze") && conversation.state === "open" && (
        <button type="button" onClick={() => setDialog("snooze")}>
          {m.answer.snooze}
        </button>
      )}
      {may("resolve") && conversation.state !== "resolved" && (
        <button type="button" onClick={() => setDialog("resolve")}>
          {m.answer.resolve}
        </button>
      )}
      {may("reopen") && conversation.state !== "open" && (
        <button type="button" disabled={reopen.isPending} onClick={() => reopen.mutate(undefined)}>
          {m.answer.reopen}
        </button>
      )}
      <ProblemNote problem={assign.error ?? reopen.error} />
    </div>
  );
}
