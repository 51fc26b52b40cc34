import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { keys, useAlerts, useChange, useHealth, useMay } from "../api/hooks";
import { trust } from "../api/operations";
import type { Alert } from "../api/types";
import { useMessages } from "../i18n";
import { preferences } from "../lib/storage";
import { onAlert } from "../live/stream";
import { ProblemNote } from "../ui/Feedback";
import { Icon } from "../ui/Icon";
import { Time } from "../ui/Time";

const STUCK_SECONDS = 300;
/** How many alerts are shown before the rest is folded: the page below them must stay of use, on a phone as well. */
const SHOWN = 1;

/** Whoever needs somebody now, on every page until somebody says "I am on it". */
export function AlertBanner() {
  const m = useMessages();
  const may = useMay();
  const alerts = useAlerts();
  const health = useHealth();
  const acknowledge = useChange((id: string) => trust.acknowledgeAlert(id), [keys.alerts, keys.health, keys.queue]);
  const release = useChange(() => trust.releaseOutbox(), [keys.health]);
  useNotifications();
  const [all, setAll] = useState(false);
  const open = (alerts.data?.items ?? [])
    .filter(({ state }) => state === "raised" || state === "escalated")
    .sort((a, b) => rankOf(a) - rankOf(b));
  const shown = all || open.length === SHOWN + 1 ? open : open.slice(0, SHOWN);
  const folded = open.slice(SHOWN);
  const outbox = health.data?.outbox;
  const unsent = health.data?.alerts_unsent ?? 0;
  const stuck = (outbox?.oldest_due_seconds ?? 0) > STUCK_SECONDS && outbox ? outbox.pending : 0;
  if (open.length === 0 && unsent === 0 && stuck === 0 && !outbox?.held) return null;
  return (
    <section className="banners" aria-label={m.common.alerts.region}>
      {shown.map((alert) => (
        <div key={alert.id} className={`banner is-${alert.class}`} role="alert">
          <Icon name={alert.class === "emergency" ? "heart" : "alert"} />
          <p>
            <strong>{titleOf(alert.class, m.common.alerts)}</strong>{" "}
            <span className="muted">
              {m.common.alerts.raised} <Time at={alert.raised_at} />
            </span>
            {alert.deliveries.length === 0 && <span> · {m.common.alerts.untold}</span>}
          </p>
          {alert.conversation_id && (
            <Link to="/inbox/$id" params={{ id: alert.conversation_id }} className="button">
              {m.common.alerts.open}
            </Link>
          )}
          {alert.post_id && (
            <Link to="/publish/$id" params={{ id: alert.post_id }} className="button">
              {m.common.alerts.open}
            </Link>
          )}
          {may("acknowledge_alert") && (
            <button type="button" disabled={acknowledge.isPending} onClick={() => acknowledge.mutate(alert.id)}>
              {m.common.alerts.acknowledge}
            </button>
          )}
        </div>
      ))}
      {folded.length > 1 && (
        <div className={`banner is-more is-${folded[0]?.class}`} role="alert">
          <button type="button" className="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? m.common.alerts.fewer : m.common.alerts.more(folded.length)}
          </button>
        </div>
      )}
      {unsent > 0 && (
        <div className="banner is-unsent" role="alert">
          <Icon name="alert" />
          <p>{m.common.alerts.unsent(unsent)}</p>
          {may("read_settings") && (
            <Link to="/trust/settings" className="button">
              {m.common.alerts.channels}
            </Link>
          )}
        </div>
      )}
      {stuck > 0 && (
        <div className="banner is-notice">
          <Icon name="clock" />
          <p>{m.common.alerts.stuck(stuck)}</p>
        </div>
      )}
      {outbox && outbox.held > 0 && (
        <div className="banner is-notice">
          <Icon name="clock" />
          <p>{m.common.alerts.held(outbox.held)}</p>
          {may("release_outbox") && (
            <button type="button" disabled={release.isPending} onClick={() => release.mutate(undefined)}>
              {m.common.alerts.release}
            </button>
          )}
        </div>
      )}
      <ProblemNote problem={acknowledge.error ?? release.error} />
    </section>
  );
}

/** A life in danger stands above a clock that ran out, and that above what only did not go out. */
const rankOf = (alert: Alert) => {
  const rank = ["emergency", "crisis", "past_due"].indexOf(alert.class);
  return rank < 0 ? 3 : rank;
};

const CLASSES = ["crisis", "emergency", "past_due", "stopped"] as const;
type Words = Record<(typeof CLASSES)[number] | "other", string>;

function titleOf(of: string, words: Words): string {
  return words[CLASSES.find((known) => known === of) ?? "other"];
}

/** A note of the browser for a fresh alert, where this browser was asked for it. It carries no text of a message. */
function useNotifications(): void {
  const m = useMessages();
  useEffect(
    () =>
      onAlert(({ class: kind }) => {
        if (!preferences.notifyHere() || !("Notification" in window) || Notification.permission !== "granted") return;
        const title = titleOf(kind, m.common.alerts);
        new Notification(m.common.product, { body: title, tag: "bedside-alert" });
      }),
    [m],
  );
}
