import type { QueueItem } from "../api/types";

/** What stands on the screen, and what waits behind the pill. */
export interface Merged {
  shown: QueueItem[];
  arrived: QueueItem[];
}

/**
 * Joins what is on the screen with what the server now says. Rows keep their places and take new contents; what is gone
 * leaves, except the conversation that is open; what is new waits, so that an arrival never moves what somebody reads.
 */
export function mergeQueue(shown: readonly QueueItem[], fresh: readonly QueueItem[], open: string | null): Merged {
  if (shown.length === 0) return { shown: [...fresh], arrived: [] };
  const byId = new Map(fresh.map((item) => [item.id, item]));
  const kept = shown.flatMap((item) => {
    const now = byId.get(item.id);
    if (now) return [now];
    return item.id === open ? [item] : [];
  });
  if (kept.length === 0) return { shown: [...fresh], arrived: [] };
  const known = new Set(kept.map((item) => item.id));
  return { shown: kept, arrived: fresh.filter((item) => !known.has(item.id)) };
}

/** The worst of several: the smallest rank, `null` for none. */
export function worst(items: readonly QueueItem[]): number | null {
  return items.length === 0 ? null : Math.min(...items.map((item) => item.priority));
}

/** The row above or below, staying at the ends; the first where none is chosen. */
export function neighbour(ids: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const index = current === null ? -1 : ids.indexOf(current);
  if (index < 0) return ids[0] ?? null;
  return ids[Math.min(Math.max(index + step, 0), ids.length - 1)] ?? null;
}
