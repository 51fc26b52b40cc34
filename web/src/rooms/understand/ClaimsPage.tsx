import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { understand } from "../../api/operations";
import type { Claim } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useLocale, useMessages } from "../../i18n";
import { Empty, Loaded } from "../../ui/Feedback";
import { TextField } from "../../ui/Field";
import { useNumber } from "../listen/parts";
import "../listen/listen.css";
import "./understand.css";

/** The library of claims: what is wrong, what is known, and where that stands. */
export function ClaimsPage() {
  const m = useMessages();
  const number = useNumber();
  const [words, setWords] = useState("");
  const late = useDeferredValue(words.trim());
  const query = useQuery({
    queryKey: ["claims", late],
    queryFn: () => understand.claims(late),
    staleTime: 3_600_000,
    placeholderData: (before) => before,
  });
  useTitle(m.understand.claims);
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{m.understand.claims}</h1>
          <p>{m.understand.claimsLead}</p>
        </div>
      </header>
      <search>
        <TextField
          label={m.understand.searchClaims}
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </search>
      <Loaded query={query} shape="card" rows={4}>
        {(page) => (
          <>
            <p className="small" role="status">
              {m.understand.claimCount(number(page.items.length))}
            </p>
            {page.items.length === 0 && <Empty text={m.understand.noClaims} />}
            <ul className="plain-list cards-list">
              {page.items.map((claim) => (
                <li key={claim.id}>
                  <ClaimCard claim={claim} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </div>
  );
}

function ClaimCard({ claim }: { claim: Claim }) {
  const m = useMessages();
  const { tag, language } = useLocale();
  const day = (date: string) =>
    new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));
  const says = language === "es" ? claim.says_es : claim.says_en;
  return (
    <article className="section-card" aria-labelledby={`claim-${claim.id}`}>
      <header>
        <p className="small">{m.understand.topics[claim.topic] ?? claim.topic}</p>
        <h2 id={`claim-${claim.id}`} lang="en">
          “{claim.myth}”
        </h2>
      </header>
      <p>
        <strong>{m.understand.known}:</strong> <span lang="en">{claim.known}</span>
      </p>
      <div className="small">
        <strong>{m.understand.sources}:</strong>
        <ul className="sources">
          {claim.sources.map((source) => (
            <li key={source.url}>
              <a href={source.url} target="_blank" rel="noreferrer noopener" lang="en">
                {source.publisher}: {source.title}
              </a>
            </li>
          ))}
        </ul>
      </div>
      <p className="small facts">
        <span>{m.understand.reviewedOn(day(claim.reviewed_on))}</span>
        <span>{m.understand.since(day(claim.effective_from))}</span>
      </p>
      <details className="small">
        <summary>{m.understand.saidLike}</summary>
        <ul>
          {says.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </details>
    </article>
  );
}
