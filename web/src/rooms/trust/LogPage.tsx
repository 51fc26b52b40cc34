import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys, useChange, useMay, useUsers } from "../../api/hooks";
import { trust } from "../../api/operations";
import type { AuditEntry, AuditState } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { csvCell, saveFile } from "../../lib/csv";
import { announce } from "../../ui/announce";
import { Empty, Loaded, ProblemNote } from "../../ui/Feedback";
import { SelectField, TextField } from "../../ui/Field";
import { Time } from "../../ui/Time";
import { State, useNumber } from "../listen/parts";
import "../listen/listen.css";
import "./trust.css";
import { type Filter, NO_FILTER, queryOf, toCsv } from "./log";

/** Who did what, in sentences, and whether the log is whole. */
export function LogPage() {
  const m = useMessages();
  const number = useNumber();
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const pages = useInfiniteQuery({
    queryKey: [...keys.audit, "entries", filter],
    queryFn: ({ pageParam }) => trust.audit({ ...queryOf(filter), cursor: pageParam, limit: 50 }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useTitle(m.trust.log);
  const entries = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="trust-page">
      <header className="page-top">
        <div>
          <h1>{m.trust.log}</h1>
          <p>{m.trust.logLead}</p>
        </div>
      </header>
      <Chain />
      <section className="section-card" aria-labelledby="log-entries">
        <h2 id="log-entries" className="visually-hidden">
          {m.trust.what}
        </h2>
        <Filters key={JSON.stringify(filter)} filter={filter} change={setFilter} />
        <Loaded query={{ data: pages.data, error: pages.error, refetch: pages.refetch }} rows={8}>
          {() =>
            entries.length === 0 ? (
              <Empty text={m.trust.noEntries} />
            ) : (
              <>
                <div className="card-head">
                  <p className="numeric">{m.trust.shown(number(entries.length))}</p>
                  <button
                    type="button"
                    onClick={() =>
                      saveFile(
                        "log.csv",
                        "text/csv",
                        toCsv(
                          entries,
                          [
                            m.trust.entry,
                            m.trust.when,
                            m.trust.filterPerson,
                            m.trust.filterAction,
                            m.trust.filterObject,
                            m.trust.what,
                          ],
                          csvCell,
                        ),
                      )
                    }
                  >
                    {m.trust.export}
                  </button>
                </div>
                <ol className="plain-list lined" aria-labelledby="log-entries">
                  {entries.map((entry) => (
                    <Entry key={entry.height} entry={entry} />
                  ))}
                </ol>
                {pages.hasNextPage && (
                  <button type="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                    {m.common.more}
                  </button>
                )}
              </>
            )
          }
        </Loaded>
      </section>
    </div>
  );
}

/** Whole only once it was verified; nobody is told that something holds which nobody has looked at. */
function ChainState({ chain }: { chain: AuditState }) {
  const m = useMessages();
  if (!chain.ok) return <State tone="bad" text={m.trust.chainBroken} />;
  if (!chain.verified_at) return <State tone="neutral" text={m.trust.notVerified} />;
  return <State tone="ok" text={m.trust.chainOk} />;
}

function Chain() {
  const m = useMessages();
  const number = useNumber();
  const may = useMay();
  const state = useQuery({ queryKey: [...keys.audit, "state"], queryFn: trust.auditState });
  const verify = useChange(trust.verifyAudit as (input: undefined) => Promise<AuditState>, [keys.audit]);
  return (
    <section className="section-card" aria-label={m.trust.log}>
      <Loaded query={state} rows={1}>
        {(chain) => (
          <div className="chain">
            <div className="stack">
              <ChainState chain={chain} />
              <p className="numeric">
                {m.trust.entries(number(chain.height))}
                {chain.verified_at && (
                  <>
                    , {m.trust.verified} <Time at={chain.verified_at} />
                  </>
                )}
                {chain.uncovered > 0 && `; ${m.trust.uncovered(number(chain.uncovered))}`}
              </p>
              {chain.alarm && <p role="alert">{chain.alarm}</p>}
            </div>
            {may("verify_audit") && (
              <button
                type="button"
                disabled={verify.isPending}
                onClick={() =>
                  verify.mutate(undefined, {
                    onSuccess: (after) => announce(after.ok ? m.trust.verifiedNow : m.trust.chainBroken),
                  })
                }
              >
                {m.trust.verify}
              </button>
            )}
          </div>
        )}
      </Loaded>
      <ProblemNote problem={verify.error} />
    </section>
  );
}

function Filters({ filter, change }: { filter: Filter; change: (filter: Filter) => void }) {
  const m = useMessages();
  const may = useMay();
  const users = useUsers(may("manage_users"));
  const [draft, setDraft] = useState(filter);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change(draft);
  };
  const field = (name: keyof Filter) => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  });
  const people = users.data?.items.map((user) => [user.id, user.name] as const) ?? [];
  return (
    <form className="stack" onSubmit={submit} aria-label={m.trust.filter}>
      <div className="filters">
        {people.length > 0 ? (
          <SelectField
            label={m.trust.filterPerson}
            options={[["", m.trust.everybody], ...people]}
            {...field("actor")}
          />
        ) : (
          <TextField label={m.trust.filterPerson} {...field("actor")} />
        )}
        <TextField label={m.trust.filterAction} placeholder="draft.approved" {...field("action")} />
        <TextField label={m.trust.filterObject} {...field("object")} />
        <TextField label={m.trust.filterFrom} type="date" {...field("from")} />
        <TextField label={m.trust.filterTo} type="date" {...field("to")} />
      </div>
      <div className="row-actions">
        <button type="submit">{m.trust.filter}</button>
        {filter !== NO_FILTER && (
          <button type="button" className="quiet" onClick={() => change(NO_FILTER)}>
            {m.trust.clearFilter}
          </button>
        )}
      </div>
    </form>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const m = useMessages();
  const number = useNumber();
  const details =
    typeof entry.detail === "object" && entry.detail !== null ? Object.entries(entry.detail as object) : [];
  return (
    <li className="log-entry">
      <span className="small">
        <Time at={entry.at} as="clock" />
      </span>
      <span>{entry.sentence}</span>
      <details>
        <summary>
          {m.trust.entry} <span className="numeric">{number(entry.height)}</span>
        </summary>
        <dl className="fact-list">
          <dt>{m.trust.filterAction}</dt>
          <dd>{entry.action}</dd>
          {entry.object && (
            <>
              <dt>{m.trust.filterObject}</dt>
              <dd>
                {entry.object.kind} {entry.object.id}
              </dd>
            </>
          )}
          {details.map(([name, value]) => (
            <div key={name} className="detail-pair">
              <dt>{name}</dt>
              <dd>{String(value)}</dd>
            </div>
          ))}
          <dt>hash</dt>
          <dd className="hash">{entry.hash}</dd>
        </dl>
      </details>
    </li>
  );
}
