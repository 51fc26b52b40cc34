const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A distance in the largest whole unit that fits: 38 minutes, 21 hours, 3 days. */
export function unitOf(seconds: number): { value: number; unit: "second" | "minute" | "hour" | "day" } {
  const size = Math.abs(seconds);
  if (size < MINUTE) return { value: Math.trunc(seconds), unit: "second" };
  if (size < HOUR) return { value: Math.trunc(seconds / MINUTE), unit: "minute" };
  if (size < DAY) return { value: Math.trunc(seconds / HOUR), unit: "hour" };
  return { value: Math.trunc(seconds / DAY), unit: "day" };
}

/** "5 minutes ago", "in 2 hours", in the reader's language; under a minute it is "now". */
export function relative(instant: string, now: number, language: string): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  const { value, unit } = unitOf(seconds);
  const format = new Intl.RelativeTimeFormat(language, {
    numeric: unit === "second" ? "auto" : "always",
    style: "short",
  });
  return unit === "second" ? format.format(0, "second") : format.format(value, unit);
}

/** A bare length: "38 min", "21 h". */
export function duration(seconds: number, language: string): string {
  const { value, unit } = unitOf(Math.max(Math.abs(seconds), MINUTE));
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);
}

/** The exact instant in the organisation's zone. */
export function exact(instant: string, language: string, zone: string | undefined): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long", timeZone: zone }).format(
    new Date(instant),
  );
}

/** The time of day, with the date where it is not today. */
export function clockTime(instant: string, now: number, language: string, zone: string | undefined): string {
  const day = (at: number) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
  const at = Date.parse(instant);
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", timeZone: zone };
  const options = day(at) === day(now) ? time : { ...time, day: "numeric" as const, month: "short" as const };
  return new Intl.DateTimeFormat(language, options).format(at);
}

/** The value of a `datetime-local` field for an instant, in the browser's zone. */
export function toLocalField(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
