import { keys, useChange } from "../../api/hooks";
import { listen } from "../../api/operations";
import type { Account, DeadLetter } from "../../api/types";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { When } from "./parts";

/** Items that could not be read, with the reason; nothing else waits for them. */
export function DeadLetters({ items, accounts }: { items: DeadLetter[]; accounts: Account[] }) {
  const m = useMessages();
  const retry = useChange((id: string) => listen.retryDeadLetter(id), [keys.listen]);
  return (
    <section className="section-card" aria-labelledby="dead-letters">
      <div>
        <h2 id="dead-letters">{m.listen.deadTitle}</h2>
        <p className="small">{m.listen.deadLead}</p>
      </div>
      <ProblemNote problem={retry.error} />
      <ul className="plain-list lined">
        {items.map((item) => (
          <li key={item.id} className="source-row">
            <div>
              <strong>{item.reason}</strong>
              <p className="small">
                {accounts.find((account) => account.id === item.account_id)?.name} · <When at={item.received_at} /> ·{" "}
                {m.listen.attempts(item.attempts)}
              </p>
            </div>
            <button
              type="button"
              disabled={retry.isPending}
              onClick={() => retry.mutate(item.id, { onSuccess: () => announce(m.listen.retried) })}
            >
              {m.listen.retryItem}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
