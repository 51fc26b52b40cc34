import { Link, useNavigate } from "@tanstack/react-router";
import { useCounts, useMay } from "../../api/hooks";
import type { QueueItem } from "../../api/types";
import { useMessages } from "../../i18n";
import { Empty, ProblemNote, Skeleton } from "../../ui/Feedback";
import { QueueRow } from "./QueueRow";
import { barOf, VIEWS, type View } from "./views";

interface Props {
  view: View;
  q: string | undefined;
  shown: QueueItem[];
  arrived: QueueItem[];
  release: () => void;
  open: string | null;
  active: string | null;
  loading: boolean;
  problem: unknown;
  retry: () => void;
  more: (() => void) | null;
  moreBusy: boolean;
}

/** Who waits, the worst first. */
export function Queue(props: Props) {
  const m = useMessages();
  const may = useMay();
  const navigate = useNavigate();
  const counts = useCounts().data;
  const { view, q, shown, arrived } = props;
  const numbers: Partial<Record<View, number>> = counts
    ? { open: counts.open, mine: counts.mine, nobody: counts.unassigned, snoozed: counts.snoozed }
    : {};
  const named = (name: View) => {
    const number = numbers[name];
    return number === undefined ? m.answer.views[name] : `${m.answer.views[name]} (${number})`;
  };
  return (
    <section className="pane queue" aria-label={m.answer.queue}>
      <header className="pane-head">
        <h1 className="visually-hidden">{m.answer.title}</h1>
        <select
          className="view-select"
          aria-label={m.answer.view}
          value={view}
          onChange={(event) =>
            void navigate({ to: "/inbox", search: { view: asView(event.target.value), q: q || undefined } })
          }
        >
          {VIEWS.map((name) => (
            <option key={name} value={name}>
              {named(name)}
            </option>
          ))}
        </select>
        {q && (
          <Link to="/inbox" search={{ view: asView(view) }} className="search-tag">
            “{q}” <span aria-hidden="true">×</span>
            <span className="visually-hidden">{m.common.close}</span>
          </Link>
        )}
      </header>
      <div className="pill-place" aria-live="polite">
        {arrived.length > 0 && (
          <button type="button" className="pill" onClick={props.release}>
            {m.answer.fresh(arrived.length)}
            {arrived.some((item) => barOf(item)) ? `, ${m.answer.freshCrisis}` : ""}
          </button>
        )}
      </div>
      <div className="pane-body">
        {props.loading && !props.problem && <Skeleton rows={6} />}
        <ProblemNote problem={props.problem} onRetry={props.retry} />
        {!props.loading && shown.length === 0 && (
          <Empty title={q ? undefined : m.answer.emptyTitle} text={q ? m.answer.emptySearch : m.answer.empty}>
            {!q && may("manage_accounts") && (
              <Link to="/listen" className="button">
                {m.answer.connect}
              </Link>
            )}
          </Empty>
        )}
        {shown.length > 0 && (
          <ul className="rows">
            {shown.map((item) => (
              <QueueRow
                key={item.id}
                item={item}
                open={item.id === props.open}
                active={item.id === props.active}
                search={{ view: asView(view), q }}
              />
            ))}
          </ul>
        )}
        {props.more && (
          <button type="button" className="more" disabled={props.moreBusy} onClick={props.more}>
            {m.common.more}
          </button>
        )}
      </div>
    </section>
  );
}

/** The view as it stands in the address: the usual one leaves no trace there. */
const asView = (name: string): View | undefined => (name === "open" ? undefined : VIEWS.find((view) => view === name));
