import { Link } from "@tanstack/react-router";
import { useAccounts, useDeadLetters, useImports, useMay, useNetworks, useSources } from "../../api/hooks";
import type { Account, Source } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Empty, Loaded } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { AccountCard } from "./AccountCard";
import { DeadLetters } from "./DeadLetters";
import { Imports } from "./Imports";
import { LeftBehind } from "./LeftBehind";
import "./listen.css";

/** The accounts that are listened to, those of one network together, imported files last. */
function inOrder(accounts: Account[]): Account[] {
  const last = (account: Account) => Number(account.network === "import");
  return accounts
    .filter((account) => account.state !== "removed")
    .sort((a, b) => last(a) - last(b) || a.network.localeCompare(b.network));
}

/** Where Bedside listens, how well it hears, and what it could not read. */
export function ListenPage() {
  const m = useMessages();
  useTitle(m.listen.title);
  const accounts = useAccounts();
  const sources = useSources();
  const dead = useDeadLetters();
  const imports = useImports();
  const may = useMay();
  const mayChange = may("manage_accounts");
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{m.listen.title}</h1>
          <p>{m.listen.lead}</p>
        </div>
        <div className="row-actions">
          <Link to="/listen/watch" className="button-link">
            <Icon name="search" />
            {m.watch.title}
          </Link>
          <Link to="/listen/import" className="button-link">
            <Icon name="file" />
            {m.listen.importFile}
          </Link>
          <Link to="/listen/add" className="button-link primary">
            <Icon name="plus" />
            {m.listen.add}
          </Link>
        </div>
      </header>
      <Loaded query={accounts} shape="card" rows={3}>
        {(page) => <Accounts accounts={page.items} sources={sources.data?.items ?? []} mayChange={mayChange} />}
      </Loaded>
      {dead.data && dead.data.items.length > 0 && (
        <DeadLetters items={dead.data.items} accounts={accounts.data?.items ?? []} />
      )}
      {accounts.data && <LeftBehind accounts={accounts.data.items} />}
      {imports.data && imports.data.items.length > 0 && <Imports items={imports.data.items} />}
    </div>
  );
}

function Accounts({ accounts, sources, mayChange }: { accounts: Account[]; sources: Source[]; mayChange: boolean }) {
  const m = useMessages();
  const networks = useNetworks();
  const shown = inOrder(accounts);
  if (shown.length === 0) {
    return (
      <section className="section-card">
        <Empty title={m.listen.empty} text={m.listen.emptyWhy}>
          <Link to="/listen/add" className="button-link primary">
            <Icon name="plus" />
            {m.listen.add}
          </Link>
        </Empty>
      </section>
    );
  }
  return (
    <div className="cards">
      {shown.map((account) => (
        <AccountCard
          key={account.id}
          account={account}
          network={networks.data?.items.find((network) => network.name === account.network)}
          sources={sources.filter((source) => source.account_id === account.id)}
          mayChange={mayChange}
        />
      ))}
    </div>
  );
}
