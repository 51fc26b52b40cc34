import { useState } from "react";
import { door } from "../../api/operations";
import { useMessages } from "../../i18n";
import type { Worked } from "./Findings";

/** What a second person says: it may go out so, or what should change. */
export function Judging({ reply }: { reply: Worked }) {
  const m = useMessages();
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason] = useState("");
  const judge = (how: "approve" | "reject") =>
    reply.act((now) =>
      how === "approve" ? door.approve(now.id, now.text_hash) : door.reject(now.id, now.text_hash, reason.trim()),
    );
  return (
    <>
      <div className="buttons">
        <button type="button" className="primary" disabled={reply.busy} onClick={() => void judge("approve")}>
          {m.door.approve}
        </button>
        <button type="button" aria-expanded={rejecting} onClick={() => setRejecting(!rejecting)}>
          {m.door.reject}
        </button>
      </div>
      {rejecting && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void judge("reject").then(() => setRejecting(false));
          }}
        >
          <div className="field">
            <label>
              {m.door.rejectReason}
              <input required value={reason} onChange={(event) => setReason(event.target.value)} />
            </label>
          </div>
          <button type="submit" disabled={reply.busy || reason.trim() === ""}>
            {m.door.reject}
          </button>
        </form>
      )}
    </>
  );
}
