import { useState } from "react";
import type { Figures as Read } from "../../api/connecting";
import { useFigures } from "../../api/hooks";
import type { Account } from "../../api/types";
import { useLocale, useMessages } from "../../i18n";
import { Loaded } from "../../ui/Feedback";
import { Time } from "../../ui/Time";
import { newest, postsCounted } from "./figures";
import { State } from "./parts";

/** What the network counts of an account, asked for when somebody looks. */
export function Figures({ account }: { account: Account }) {
  const words = useMessages().connect.figures;
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {words.title}
        <span className="visually-hidden"> {account.name}</span>
      </summary>
      {open && <Asked id={account.id} />}
    </details>
  );
}

function Asked({ id }: { id: string }) {
  const figures = useFigures(id);
  return (
    <Loaded query={figures} rows={2}>
      {(read) => <Table read={read} />}
    </Loaded>
  );
}

function Table({ read }: { read: Read }) {
  const { m, tag } = useLocale();
  const words = m.connect.figures;
  const shown = newest(read.items);
  const posts = postsCounted(read.items);
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" });
  return (
    <div className="stack tight">
      {read.error && (
        <p className="row-actions">
          <State tone="bad" text={words.failed} /> <span className="small">{read.error}</span>
        </p>
      )}
      {shown.length === 0 ? (
        <p className="small">{words.none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard.
        <section className="table-wrap" aria-label={words.title} tabIndex={0}>
          <table className="grid-table">
            <thead>
              <tr>
                <th scope="col">{words.what}</th>
                <th scope="col" className="numeric">
                  {words.value}
                </th>
                <th scope="col">{words.day}</th>
                <th scope="col">{words.source}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((figure) => (
                <tr key={figure.source}>
                  <th scope="row">{words.metrics[figure.metric] ?? figure.metric}</th>
                  <td className="numeric">{number.format(figure.value)}</td>
                  <td>
                    {figure.total ? words.asOf(day.format(new Date(figure.day))) : day.format(new Date(figure.day))}
                  </td>
                  <td>
                    <code>{figure.source}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className="small">
        {posts > 0 && <>{words.posts(posts)} </>}
        {words.missing}
        {read.read_at && (
          <>
            {" "}
            {words.read} <Time at={read.read_at} />
          </>
        )}
      </p>
    </div>
  );
}
