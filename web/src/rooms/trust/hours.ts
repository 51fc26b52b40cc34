import type { HourRange, Hours, Weekday } from "../../api/types";

const withDay = (hours: Hours, day: Weekday, ranges: HourRange[]): Hours => ({
  ...hours,
  week: { ...hours.week, [day]: ranges },
});

/** One hour later on the same day, as `HH:MM`; at most the last minute of the day. */
function anHourAfter(time: string): string {
  const hour = Number(time.slice(0, 2));
  return hour >= 23 ? "23:59" : `${String(hour + 1).padStart(2, "0")}:${time.slice(3, 5)}`;
}

/** More hours on a day: the usual ones where it was closed, else the afternoon after a break of an hour. */
export function addRange(hours: Hours, day: Weekday): Hours {
  const now = hours.week[day] ?? [];
  const last = now.at(-1);
  const start = last ? anHourAfter(last[1]) : "09:00";
  return withDay(hours, day, [...now, last ? [start, anHourAfter(start)] : [start, "17:00"]]);
}

export function removeRange(hours: Hours, day: Weekday, index: number): Hours {
  return withDay(
    hours,
    day,
    (hours.week[day] ?? []).filter((_, at) => at !== index),
  );
}

export function setEdge(hours: Hours, day: Weekday, index: number, edge: 0 | 1, time: string): Hours {
  const changed = (hours.week[day] ?? []).map((range, at): HourRange => {
    if (at !== index) return range;
    return edge === 0 ? [time, range[1]] : [range[0], time];
  });
  return withDay(hours, day, changed);
}

export function addHoliday(hours: Hours): Hours {
  return { ...hours, holidays: [...hours.holidays, { date: "", name: "", hours: [] }] };
}

export function removeHoliday(hours: Hours, index: number): Hours {
  return { ...hours, holidays: hours.holidays.filter((_, at) => at !== index) };
}

export function setHoliday(hours: Hours, index: number, part: { date?: string; name?: string }): Hours {
  return {
    ...hours,
    holidays: hours.holidays.map((holiday, at) => (at === index ? { ...holiday, ...part } : holiday)),
  };
}

/** The list with one entry moved by one place; unchanged where it would leave the list. */
export function move<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const next = [...list];
  const [one, other] = [next[index], next[index + by]];
  if (one === undefined || other === undefined) return next;
  next[index] = other;
  next[index + by] = one;
  return next;
}
