import type { Query } from "../../api/client";
import type { AuditEntry } from "../../api/types";

/** What the log is narrowed to; dates are days of the reader's calendar. */
export interface Filter {
  actor: string;
  action: string;
  object: string;
  from: string;
  to: string;
}

export const NO_FILTER: Filter = { actor: "", action: "", object: "", from: "", to: "" };

/** The instant at which a day begins here; one day later for the day's end. */
function startOf(day: string, daysLater: number): string | undefined {
  const parts = day.split("-").map(Number);
  const [year, month, date] = parts;
  if (year === undefined || month === undefined || date === undefined || parts.some(Number.isNaN)) return undefined;
  return new Date(year, month - 1, date + daysLater).toISOString();
}

/** The filter as the API asks for it: from the first day's beginning to the last day's end. */
export function queryOf(filter: Filter): Query {
  const given = (value: string) => value.trim() || undefined;
  return {
    actor: given(filter.actor),
    action: given(filter.action),
    object: given(filter.object),
    from: startOf(filter.from, 0),
    to: startOf(filter.to, 1),
  };
}

/** The entries that are shown, as CSV. */
export function toCsv(entries: readonly AuditEntry[], head: string[], cell: (value: string) => string): string {
  const rows = entries.map((entry) => [
    String(entry.height),
    entry.at,
    entry.actor.name ?? entry.actor.id ?? entry.actor.kind,
    entry.action,
    entry.object ? `${entry.object.kind} ${entry.object.id}` : "",
    entry.sentence,
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
