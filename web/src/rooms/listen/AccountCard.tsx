import { useState } from "react";
import type { NetworkShape } from "../../api/connecting";
import { keys, useChange } from "../../api/hooks";
import { listen } from "../../api/operations";
import type { Account, Source } from "../../api/types";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { Dialog } from "../../ui/Dialog";
import { ProblemNote } from "../../ui/Feedback";
import { Authorise } from "./connect/Authorise";
import { EndingFact, isTold, RenewalError, TellsAddress, TellsWrong } from "./connect/CardFacts";
import { Figures } from "./Figures";
import { AccountState, capabilitiesOf, TestResult, When } from "./parts";
import { SourceRow } from "./SourceRow";

/** One account: as whom, how it is, what it may do, its sources, its test. */
export function AccountCard({
  account,
  network,
  sources,
  mayChange,
}: {
  account: Account;
  /** What its network can do; none while that is not known yet. */
  network: NetworkShape | undefined;
  sources: Source[];
  mayChange: boolean;
}) {
  const m = useMessages();
  const [removing, setRemoving] = useState(false);
  const [again, setAgain] = useState(false);
  const test = useChange(() => listen.selfTest(account.id), [keys.listen, keys.audit]);
  const remove = useChange(() => listen.removeAccount(account.id, account.version), [keys.listen, keys.audit]);
  const may = capabilitiesOf(account)
    .map((name) => m.listen.capabilities[name])
    .filter((text): text is string => text !== undefined);
  const canTest = account.network !== "import";
  return (
    <article className="section-card" aria-labelledby={`account-${account.id}`}>
      <header className="card-head">
        <div>
          <h2 id={`account-${account.id}`}>{account.name}</h2>
          <p>
            {[
              m.connect.networks[account.network] ?? account.network,
              account.connected_as && m.listen.connectedAs(account.connected_as),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <AccountState account={account} />
      </header>
      <dl className="fact-list">
        <dt>{m.listen.lastHeard}</dt>
        <dd>
          <When at={account.last_heard_at} />
        </dd>
        {account.base_url && (
          <>
            <dt>{m.listen.address}</dt>
            <dd>{account.base_url}</dd>
          </>
        )}
        <EndingFact account={account} />
      </dl>
      <RenewalError account={account} />
      <TellsWrong account={account} />
      {may.length > 0 && (
        <details>
          <summary>{isTold(account) ? m.listen.mayMore : m.listen.mayOnly}</summary>
          <div className="stack">
            <p className="small">
              {m.listen.may} {may.join(", ")}.
            </p>
            <TellsAddress account={account} />
          </div>
        </details>
      )}
      {capabilitiesOf(account).includes("metrics") && <Figures account={account} />}
      {sources.length === 0 && canTest && <p className="small">{m.listen.noSources}</p>}
      {sources.length > 0 && (
        <ul className="plain-list lined" aria-label={m.listen.sources}>
          {sources.map((source) => (
            <SourceRow key={source.id} source={source} accountName={account.name} mayChange={mayChange} />
          ))}
        </ul>
      )}
      {test.data && <TestResult test={test.data} />}
      <ProblemNote problem={test.error} />
      {mayChange && (
        <div className="row-actions">
          {canTest && (
            <button type="button" onClick={() => test.mutate(undefined)} disabled={test.isPending}>
              {m.listen.test}
            </button>
          )}
          {network?.ways.includes("authorisation") && (
            <button type="button" onClick={() => setAgain(true)}>
              {m.connect.card.again}
              <span className="visually-hidden"> {account.name}</span>
            </button>
          )}
          <button type="button" className="quiet" onClick={() => setRemoving(true)}>
            {m.listen.remove}
            <span className="visually-hidden"> {account.name}</span>
          </button>
        </div>
      )}
      {again && network && (
        <Dialog title={m.connect.card.again} onClose={() => setAgain(false)} wide>
          <div className="stack">
            <p>
              <strong>{account.name}</strong>
            </p>
            <p>{m.connect.card.againLead}</p>
            <Authorise network={network} accountId={account.id} />
          </div>
        </Dialog>
      )}
      {removing && (
        <Dialog title={m.listen.removeTitle} onClose={() => setRemoving(false)}>
          <div className="stack">
            <p>
              <strong>{account.name}</strong>
            </p>
            <p>{m.listen.removeLead}</p>
            <ProblemNote problem={remove.error} />
            <div className="row-actions">
              <button
                type="button"
                className="danger"
                disabled={remove.isPending}
                onClick={() =>
                  remove.mutate(undefined, {
                    onSuccess: () => {
                      setRemoving(false);
                      announce(m.listen.removed);
                    },
                  })
                }
              >
                {m.listen.removeYes}
              </button>
              <button type="button" onClick={() => setRemoving(false)}>
                {m.common.cancel}
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </article>
  );
}
