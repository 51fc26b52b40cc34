import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { keys, useClaims, useMay } from "../../api/hooks";
import { understand } from "../../api/operations";
import type { Correction } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Empty, Loaded } from "../../ui/Feedback";
import { CheckField, SelectField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import "../listen/listen.css";
import "../trust/trust.css";
import { KINDS, type Names, useNames } from "./names";
import "./understand.css";

/** What people said about labels, and the file from which models can learn. */
export function CorrectionsPage() {
  const m = useMessages();
  const [kind, setKind] = useState("");
  const pages = useInfiniteQuery({
    queryKey: [...keys.understand, "corrections", kind],
    queryFn: ({ pageParam }) => understand.corrections({ kind, cursor: pageParam, limit: 50 }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const claims = useClaims(items.some((item) => item.kind === "claim"));
  const names = useNames(claims.data?.items);
  useTitle(m.understand.corrections);
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{m.understand.corrections}</h1>
          <p>{m.understand.correctionsLead}</p>
        </div>
      </header>
      <section className="section-card" aria-label={m.understand.corrections}>
        <div className="filters">
          <SelectField
            label={m.understand.kind}
            value={kind}
            onChange={(event) => setKind(event.target.value)}
            options={[["", m.understand.allKinds], ...KINDS.map((one) => [one, m.understand.kinds[one]] as const)]}
          />
        </div>
        <Loaded query={{ data: pages.data, error: pages.error, refetch: pages.refetch }} rows={6}>
          {() =>
            items.length === 0 ? (
              <Empty text={m.understand.noCorrections} />
            ) : (
              <>
                <ol className="plain-list lined">
                  {items.map((item) => (
                    <Entry key={item.id} item={item} names={names} />
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
      <Export />
    </div>
  );
}

function Entry({ item, names }: { item: Correction; names: Names }) {
  const m = useMessages();
  const shown = item.shown && names.name(item.kind, item.shown);
  const says = item.says && names.name(item.kind, item.says);
  return (
    <li className="correction">
      <p>
        <span className="small">{m.understand.kinds[item.kind]}</span> {item.act === "confirm" && <Icon name="check" />}
        {item.act === "confirm" ? <strong>{shown}</strong> : shown && <s>{shown}</s>}
        {says && (
          <>
            {" "}
            <Icon name={item.act === "add" ? "plus" : "check"} /> <strong>{says}</strong>
          </>
        )}
      </p>
      <p className="small facts">
        <span>
          {item.act === "confirm"
            ? m.understand.confirmedBy(item.by.name)
            : item.act === "remove"
              ? m.understand.removedBy(item.by.name)
              : m.understand.setBy(item.by.name)}
        </span>
        <Time at={item.at} />
        {item.rank_before !== item.rank_after && (
          <span>
            {m.understand.otherRank(item.rank_before)} → {m.understand.otherRank(item.rank_after)}
          </span>
        )}
        {!item.counts && <span>{m.understand.oldText}</span>}
        <Link to="/inbox/$id" params={{ id: item.conversation_id }}>
          {m.understand.openMessage}
        </Link>
      </p>
      {item.note && <p className="small">{item.note}</p>}
    </li>
  );
}

function Export() {
  const m = useMessages();
  const may = useMay();
  const [sure, setSure] = useState(false);
  return (
    <section className="section-card" aria-labelledby="export">
      <h2 id="export">{m.understand.exportTitle}</h2>
      <p>{m.understand.exportLead}</p>
      <p className="reader-note">
        <Icon name="alert" /> {m.understand.exportWarning}
      </p>
      {may("export") ? (
        <>
          <CheckField
            label={m.understand.exportSure}
            checked={sure}
            onChange={(event) => setSure(event.target.checked)}
          />
          <div className="row-actions">
            {sure ? (
              <a className="button-link primary" href={understand.exportAddress} download>
                {m.understand.export}
              </a>
            ) : (
              <button type="button" disabled>
                {m.understand.export}
              </button>
            )}
          </div>
        </>
      ) : (
        <p className="small">{m.understand.exportNotAllowed}</p>
      )}
    </section>
  );
}
