import { useMay, useMe } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Conversation } from "../../api/types";
import { useLocale, useMessages } from "../../i18n";
import { dollars } from "../../lib/money";
import { placeName } from "../../lib/place";
import { Judging } from "./Judging";
import type { Reply } from "./useReply";

interface Props {
  conversation: Conversation;
  reply: Reply;
  onPrimary: () => void;
}

/** Exactly what leaves, where it will stand and who can read it; then the one action that comes next. */
export function SendBox({ conversation, reply, onPrimary }: Props) {
  const m = useMessages();
  const { tag } = useLocale();
  const may = useMay();
  const me = useMe().data?.user.id;
  const { draft, text } = reply;
  const blank = text.trim() === "";
  const to = draft?.destination ?? {
    network: conversation.network,
    place: conversation.place,
    visibility: conversation.visibility,
    connected_as: null,
    price_micro_usd: null,
  };
  const waiting = draft?.state === "awaiting_approval" && reply.clean;
  const wrote = draft?.writers?.some(({ id }) => id === me) || draft?.written_by.id === me;
  const approves = waiting && may("approve_draft") && !wrote;
  const second = draft?.needs_second_person === true && draft.state !== "approved";
  const blocked = reply.verdict?.verdict === "block" && draft?.override?.state !== "granted";
  const last = draft?.approvals.at(-1);
  const refusals = draft && reply.clean && !draft.can_send && !waiting ? draft.refusals : [];
  return (
    <section className="send-box" aria-labelledby="leaves">
      <h3 id="leaves">{m.door.leaves}</h3>
      <p className="destination">
        <strong>{m.door.place(placeName(to.place), m.answer.networks[to.network] ?? to.network)}</strong>
        {to.connected_as ? ` ${m.door.as(to.connected_as)}` : ""}
        {" · "}
        <strong>{m.answer.visibility[to.visibility]}</strong>. {m.door.readers[to.visibility]}
        {to.price_micro_usd ? ` ${m.door.price(dollars(to.price_micro_usd / 1_000_000, tag))}` : ""}
      </p>
      {!blank && <blockquote className="final-text">{draft && reply.clean ? draft.text : text}</blockquote>}
      {last && (
        <p className="muted">
          {last.decision === "approved"
            ? m.door.approved(last.user.name)
            : m.door.rejected(last.user.name, last.reason ?? "")}
        </p>
      )}
      {refusals.length > 0 && (
        <div className="refusals">
          <strong>{m.door.notYet}</strong>
          <ul>
            {refusals.map((refusal) => (
              <li key={`${refusal.code} ${refusal.sentence}`}>{m.door.refusals[refusal.code] ?? refusal.sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {waiting && <p>{m.door.waitingApproval}</p>}
      {second && !waiting && <p className="muted">{m.door.secondPerson}</p>}
      {approves && <Judging reply={reply} />}
      {!waiting && may(second ? "submit_draft" : "send_reply") && (
        <div className="buttons">
          <button
            type="button"
            className="primary"
            disabled={blank || blocked || reply.busy || reply.checkFailed}
            aria-describedby="leaves verdict"
            onClick={onPrimary}
          >
            {second ? m.door.submit : m.door.send} <kbd>Ctrl/⌘ ↵</kbd>
          </button>
          {draft && may("discard_draft") && (
            <button
              type="button"
              disabled={reply.busy}
              onClick={() =>
                void reply
                  .act(async (now) => {
                    await door.discard(now.id);
                    return { ...now, state: "discarded", version: now.version + 1 };
                  })
                  .then((gone) => gone && reply.setText(""))
              }
            >
              {m.door.discard}
            </button>
          )}
        </div>
      )}
    </section>
  );
}
