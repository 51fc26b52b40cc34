import { Link } from "@tanstack/react-router";
import type { QueueItem } from "../../api/types";
import { useLocale } from "../../i18n";
import { duration, exact } from "../../lib/time";
import { Icon } from "../../ui/Icon";
import { Time, useNow } from "../../ui/Time";
import { barOf, INTENT_ICONS, type View } from "./views";

/** When an answer is due, as a distance. */
export function Due({ item }: { item: Pick<QueueItem, "due_at" | "clock" | "state"> }) {
  const { m, tag, zone } = useLocale();
  const now = useNow();
  if (!item.due_at || item.state !== "open") return null;
  const seconds = (Date.parse(item.due_at) - now) / 1000;
  const late = seconds < 0;
  const kind = late ? "late" : item.clock.state === "due_soon" ? "soon" : "calm";
  const format = new Intl.RelativeTimeFormat(tag, { numeric: "always", style: "short" });
  const minutes = Math.max(1, Math.round(seconds / 60));
  const away =
    minutes < 60
      ? format.format(minutes, "minute")
      : minutes < 2880
        ? format.format(Math.round(minutes / 60), "hour")
        : format.format(Math.round(minutes / 1440), "day");
  return (
    <time className={`due is-${kind}`} dateTime={item.due_at} title={exact(item.due_at, tag, zone)}>
      {kind !== "calm" && <Icon name="clock" />}
      {late ? m.answer.overdue(duration(-seconds, tag)) : m.answer.due(away)}
    </time>
  );
}

interface Props {
  item: QueueItem;
  open: boolean;
  active: boolean;
  search: { view?: View; q?: string };
}

export function QueueRow({ item, open, active, search }: Props) {
  const { m } = useLocale();
  const bar = barOf(item);
  const risk = item.labels.risk;
  const label = risk?.label ?? item.labels.intents[0]?.label;
  const alert = item.alert;
  return (
    <li>
      <Link
        to="/inbox/$id"
        params={{ id: item.id }}
        search={search}
        id={`row-${item.id}`}
        className={`row${open ? " is-open" : ""}${active ? " is-active" : ""}${bar ? ` has-bar is-${bar}` : ""}`}
        aria-current={open ? "true" : undefined}
      >
        <span className="row-top">
          {bar ? (
            <strong className="bar-name">
              <Icon name={bar === "emergency" ? "heart" : "alert"} />
              {m.answer.bars[bar]}
            </strong>
          ) : (
            <span className="row-label">
              {label && <Icon name={INTENT_ICONS[label] ?? "tag"} />}
              {label ? (m.answer.intents[label] ?? label) : item.author.display_name}
              {risk && `: ${m.answer.levels[risk.level] ?? risk.level}`}
            </span>
          )}
          {item.state === "open" && item.waiting === 0 && !item.due_at && <span>{m.answer.answered}</span>}
          {item.state === "open" ? <Due item={item} /> : <Time at={item.snoozed_until ?? item.last_message_at} />}
        </span>
        {bar && alert && (
          <span className="row-alert">
            {alert.state === "acknowledged" || alert.state === "closed" ? m.answer.acknowledged : m.answer.alerted}
          </span>
        )}
        <span className="excerpt">{item.excerpt}</span>
        <span className="row-foot">
          <span>{item.author.display_name}</span>
          <span>{m.answer.networks[item.network] ?? item.network}</span>
          <span>{item.assigned_to?.name ?? m.answer.nobody}</span>
          {item.rating !== null && <span>{m.answer.stars(item.rating)}</span>}
          {item.waiting > 1 && <span>{m.answer.waiting(item.waiting)}</span>}
          {item.c0 && <span>{m.answer.c0}</span>}
        </span>
        {item.needs_reader && <span className="row-reader">{m.answer.needsReader}</span>}
      </Link>
    </li>
  );
}
