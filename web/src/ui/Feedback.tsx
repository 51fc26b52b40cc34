import type { ReactNode } from "react";
import { NO_CONNECTION, Problem } from "../api/client";
import { type Messages, useMessages } from "../i18n";
import { Icon } from "./Icon";

/** What happened, what was kept, what to do. */
export function sentenceOf(problem: unknown, m: Messages): string {
  if (!(problem instanceof Problem)) return m.common.problem.server;
  const words = m.common.problem;
  if (problem.code === NO_CONNECTION) return words.noConnection;
  if (problem.status === 401) return words.signedOut;
  if (problem.status === 412 || problem.status === 428) return words.changed;
  if (problem.status >= 500) return words.server;
  if (problem.detail) return problem.detail;
  return problem.status === 403 ? words.forbidden : words.server;
}

export function ProblemNote({ problem, onRetry }: { problem: unknown; onRetry?: () => void }) {
  const m = useMessages();
  if (!problem) return null;
  return (
    <div className="note-box is-problem" role="alert">
      <Icon name="alert" />
      <div>
        <strong>{m.common.problem.title}</strong>
        <p>{sentenceOf(problem, m)}</p>
        {onRetry && (
          <button type="button" onClick={onRetry}>
            {m.common.retry}
          </button>
        )}
      </div>
    </div>
  );
}

/** Grey bars in the shape of what comes, so that nothing jumps when it does. */
export function Skeleton({ rows = 4, shape = "row" }: { rows?: number; shape?: "row" | "card" }) {
  const m = useMessages();
  return (
    <div className="skeletons" role="status" aria-label={m.common.loading}>
      {Array.from({ length: rows }, (_, index) => `bar-${index}`).map((name) => (
        <div key={name} className={`skeleton ${shape}`} />
      ))}
    </div>
  );
}

/** An empty page that says what to do next. */
export function Empty({ title, text, children }: { title?: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {title && <p className="empty-title">{title}</p>}
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Shows skeletons while a query loads, its problem where it failed, its content else. */
export function Loaded<T>({
  query,
  children,
  shape,
  rows,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (data: T) => ReactNode;
  shape?: "row" | "card";
  rows?: number;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ProblemNote problem={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton shape={shape} rows={rows} />;
}
