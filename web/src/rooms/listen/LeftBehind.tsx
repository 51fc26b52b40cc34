import type { Account } from "../../api/types";
import { useMessages } from "../../i18n";

/** Removed accounts whose network could not be asked to send nothing more, and what to do. */
export function LeftBehind({ accounts }: { accounts: Account[] }) {
  const m = useMessages();
  const left = accounts.filter((account) => account.state === "removed" && account.webhook_error);
  if (left.length === 0) return null;
  return (
    <section className="section-card stack">
      <h2>{m.listen.left}</h2>
      <ul>
        {left.map((account) => (
          <li key={account.id}>
            <strong>{account.name}</strong> ({m.answer.networks[account.network] ?? account.network}):{" "}
            {account.webhook_error}
          </li>
        ))}
      </ul>
    </section>
  );
}
