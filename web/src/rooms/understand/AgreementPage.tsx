import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys, useClaims } from "../../api/hooks";
import { understand } from "../../api/operations";
import type { Agreement, LabelAgreement, LabelKind } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useLocale, useMessages } from "../../i18n";
import { Empty, Loaded } from "../../ui/Feedback";
import { SelectField } from "../../ui/Field";
import { useNumber } from "../listen/parts";
import "../listen/listen.css";
import "../trust/trust.css";
import { KINDS, type Names, useNames } from "./names";
import "./understand.css";

/** How often people agree with each label, with how much that says. */
export function AgreementPage() {
  const m = useMessages();
  const [days, setDays] = useState("90");
  const [kind, setKind] = useState("");
  const query = useQuery({
    queryKey: [...keys.understand, "agreement", days],
    queryFn: () => understand.agreement(Number(days)),
  });
  useTitle(m.understand.agreement);
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{m.understand.agreement}</h1>
          <p>{m.understand.agreementLead}</p>
        </div>
      </header>
      <section className="section-card" aria-label={m.understand.agreement}>
        <div className="filters">
          <SelectField
            label={m.understand.kind}
            value={kind}
            onChange={(event) => setKind(event.target.value)}
            options={[["", m.understand.allKinds], ...KINDS.map((one) => [one, m.understand.kinds[one]] as const)]}
          />
          <SelectField
            label={m.understand.days}
            value={days}
            onChange={(event) => setDays(event.target.value)}
            options={Object.entries(m.understand.dayNames)}
          />
        </div>
        <Loaded query={query} rows={8}>
          {(agreement) => <Table agreement={agreement} kind={kind as LabelKind | ""} />}
        </Loaded>
      </section>
    </div>
  );
}

function Table({ agreement, kind }: { agreement: Agreement; kind: LabelKind | "" }) {
  const m = useMessages();
  const number = useNumber();
  const claims = useClaims(agreement.items.some((item) => item.kind === "claim"));
  const names = useNames(claims.data?.items);
  const items = agreement.items.filter((item) => kind === "" || item.kind === kind);
  if (items.length === 0) return <Empty text={m.understand.noLabels} />;
  return (
    <>
      <p className="numeric">{m.understand.counted(agreement.messages, agreement.judged, number)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard. */}
      <section className="table-scroll" aria-label={m.understand.agreement} tabIndex={0}>
        <table className="agreement">
          <thead>
            <tr>
              <th scope="col">{m.understand.label}</th>
              <th scope="col" title={m.understand.shareHelp}>
                {m.understand.share}
              </th>
              <th scope="col" className="numeric">
                {m.understand.agreed}
              </th>
              <th scope="col" className="numeric">
                {m.understand.corrected}
              </th>
              <th scope="col" className="numeric" title={m.understand.missedHelp}>
                {m.understand.missed}
              </th>
              <th scope="col" className="numeric">
                {m.understand.shown}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Row key={`${item.kind}|${item.label}|${item.detail}`} item={item} names={names} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="small">
        {m.understand.missed}: {m.understand.missedHelp}. {m.understand.share}: {m.understand.shareHelp}.
      </p>
    </>
  );
}

function Row({ item, names }: { item: LabelAgreement; names: Names }) {
  const m = useMessages();
  const { tag } = useLocale();
  const number = useNumber();
  const percent = (value: number) => new Intl.NumberFormat(tag, { style: "percent" }).format(value);
  const { share, low, high } = item;
  return (
    <tr>
      <th scope="row">
        <span className="small">{m.understand.kinds[item.kind]}</span>{" "}
        {names.name(item.kind, { label: item.label, detail: item.detail, span: null })}
      </th>
      <td>
        {share === null || low === null || high === null ? (
          <span className="small">{m.understand.notJudged}</span>
        ) : (
          <span className="share">
            <span className="share-bar" aria-hidden="true">
              <span
                className="share-range"
                style={{ insetInlineStart: `${low * 100}%`, width: `${(high - low) * 100}%` }}
              />
              <span className="share-point" style={{ insetInlineStart: `${share * 100}%` }} />
            </span>
            {m.understand.shareOf(percent(share), percent(low), percent(high))}
          </span>
        )}
      </td>
      <td className="numeric">{number(item.agreed)}</td>
      <td className="numeric">{number(item.corrected)}</td>
      <td className="numeric">{number(item.missed)}</td>
      <td className="numeric">{number(item.shown)}</td>
    </tr>
  );
}
