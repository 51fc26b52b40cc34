import { keys, useChange } from "../../api/hooks";
import { listen } from "../../api/operations";
import type { Source } from "../../api/types";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { SourceState, useLength, When } from "./parts";

/** Seconds of silence under which nobody needs to hear of it. */
const WORTH_SAYING = 60;

/** One source of an account: what it heard last, whether its silence is unusual, how to ask it now. */
export function SourceRow({
  source,
  accountName,
  mayChange,
}: {
  source: Source;
  /** The name of its account, which is not said twice. */
  accountName: string;
  mayChange: boolean;
}) {
  const m = useMessages();
  const length = useLength();
  const poll = useChange(() => listen.pollSource(source.id), [keys.listen]);
  const change = useChange(
    (state: "ok" | "paused") => listen.changeSource(source.id, { state }),
    [keys.listen, keys.audit],
  );
  const kind = m.connect.sourceKinds[source.kind];
  const paused = source.state === "paused";
  const { silence_seconds: silence, normal_gap_seconds: normal } = source;
  return (
    <li className="stack">
      <div className="source-row">
        <div>
          <strong>{kind ?? source.name}</strong>
          <p className="small">
            {source.name !== accountName && source.name !== kind && `${source.name} · `}
            {m.listen.every(length(source.interval_seconds))} · {m.listen.lastAsked} <When at={source.last_polled_at} />
          </p>
          {silence !== null && normal !== null && silence >= WORTH_SAYING && !paused && (
            <p className="small">{m.listen.quiet(length(silence), length(normal))}</p>
          )}
          {source.failures > 0 && (
            <p className="small">
              {m.listen.failures(source.failures)}
              {source.error && `: ${source.error}`}
            </p>
          )}
        </div>
        <SourceState source={source} />
      </div>
      <ProblemNote problem={poll.error ?? change.error} />
      {mayChange && (
        <div className="row-actions">
          <button
            type="button"
            disabled={poll.isPending || paused}
            onClick={() => poll.mutate(undefined, { onSuccess: () => announce(m.listen.asked) })}
          >
            {m.listen.ask}
            <span className="visually-hidden">
              {" "}
              {source.name} {kind}
            </span>
          </button>
          <button
            type="button"
            className="quiet"
            disabled={change.isPending}
            onClick={() =>
              change.mutate(paused ? "ok" : "paused", {
                onSuccess: () => announce(paused ? m.listen.resumed : m.listen.paused),
              })
            }
          >
            {paused ? m.listen.resume : m.listen.pause}
            <span className="visually-hidden">
              {" "}
              {source.name} {kind}
            </span>
          </button>
          {poll.isSuccess && <span className="small">{m.listen.asked}</span>}
        </div>
      )}
    </li>
  );
}
