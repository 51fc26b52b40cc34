/** How long an account's authorisation still lasts. */

const DAY = 86_400_000;
/** Days before the end from which on it is said as a warning. */
const WARN_DAYS = 14;

export interface Ending {
  /** Whole days left, never below 0. */
  days: number;
  tone: "neutral" | "warn" | "bad";
}

/** What is left until an instant; null where nothing ends. */
export function endingOf(by: string | null, now: number): Ending | null {
  if (by === null) return null;
  const left = Date.parse(by) - now;
  if (Number.isNaN(left)) return null;
  const days = Math.max(0, Math.floor(left / DAY));
  return { days, tone: left <= 0 ? "bad" : days <= WARN_DAYS ? "warn" : "neutral" };
}
