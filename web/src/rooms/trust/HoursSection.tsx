import { useState } from "react";
import { type HourRange, type Hours, WEEKDAYS, type Weekday } from "../../api/types";
import { useMessages } from "../../i18n";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { addHoliday, addRange, removeHoliday, removeRange, setEdge, setHoliday } from "./hours";
import { Section, type SectionProps, useSave } from "./Section";

/** Opening hours with breaks, and the holidays on which they do not hold. */
export function HoursSection({ settings, etag, mayChange }: SectionProps) {
  const m = useMessages();
  const [hours, setHours] = useState<Hours>(settings.hours);
  const save = useSave(etag);
  return (
    <Section
      id="hours"
      title={m.trust.hours}
      lead={m.trust.hoursLead}
      mayChange={mayChange}
      save={save}
      part={() => ({ hours })}
    >
      {WEEKDAYS.map((day) => (
        <Day key={day} day={day} ranges={hours.week[day] ?? []} hours={hours} change={setHours} />
      ))}
      <fieldset>
        <legend>{m.trust.holidays}</legend>
        {hours.holidays.length === 0 && <p className="small">{m.trust.noHolidays}</p>}
        {hours.holidays.map((holiday, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a holiday being typed has no other name yet.
          <fieldset key={index} className="holiday" aria-label={m.trust.holidayN(index + 1)}>
            <TextField
              label={m.trust.date}
              type="date"
              required
              value={holiday.date}
              onChange={(event) => setHours(setHoliday(hours, index, { date: event.target.value }))}
            />
            <TextField
              label={m.trust.holidayName}
              value={holiday.name}
              required
              onChange={(event) => setHours(setHoliday(hours, index, { name: event.target.value }))}
            />
            <button
              type="button"
              className="quiet"
              aria-label={m.trust.removeHoliday(holiday.name)}
              onClick={() => setHours(removeHoliday(hours, index))}
            >
              {m.trust.removeHours}
            </button>
          </fieldset>
        ))}
        <div>
          <button type="button" onClick={() => setHours(addHoliday(hours))}>
            <Icon name="plus" />
            {m.trust.addHoliday}
          </button>
        </div>
      </fieldset>
    </Section>
  );
}

function Day({
  day,
  ranges,
  hours,
  change,
}: {
  day: Weekday;
  ranges: HourRange[];
  hours: Hours;
  change: (hours: Hours) => void;
}) {
  const m = useMessages();
  const name = m.trust.days[day];
  return (
    <div className="day">
      <span>{name}</span>
      <div className="ranges">
        {ranges.length === 0 && <span className="small">{m.trust.closed}</span>}
        {ranges.map((range, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: hours have no name but their place in the day.
          <span key={index} className="range">
            {([0, 1] as const).map((edge) => (
              <input
                key={edge}
                type="time"
                required
                aria-label={m.trust.dayRange(name, index + 1, edge === 0 ? m.trust.from : m.trust.to)}
                value={range[edge]}
                onChange={(event) => change(setEdge(hours, day, index, edge, event.target.value))}
              />
            ))}
            <button
              type="button"
              className="quiet icon-only"
              aria-label={m.trust.removeDayRange(name, index + 1)}
              onClick={() => change(removeRange(hours, day, index))}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <button
          type="button"
          className="quiet"
          aria-label={m.trust.addDayHours(name)}
          onClick={() => change(addRange(hours, day))}
        >
          <Icon name="plus" />
          {m.trust.addHours}
        </button>
      </div>
    </div>
  );
}
