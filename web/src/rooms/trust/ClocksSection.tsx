import { useState } from "react";
import type { Clock } from "../../api/types";
import { useMessages } from "../../i18n";
import { CheckField } from "../../ui/Field";
import { Section, type SectionProps, useSave } from "./Section";

/** How long somebody may wait, for each kind of message. */
export function ClocksSection({ settings, etag, mayChange }: SectionProps) {
  const m = useMessages();
  const [clocks, setClocks] = useState<Clock[]>(settings.clocks);
  const save = useSave(etag);
  const set = (priority: number, part: Partial<Clock>) =>
    setClocks(clocks.map((clock) => (clock.priority === priority ? { ...clock, ...part } : clock)));
  return (
    <Section
      id="clocks"
      title={m.trust.clocks}
      lead={m.trust.clocksLead}
      mayChange={mayChange}
      save={save}
      part={() => ({ clocks })}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className="table-wrap" tabIndex={0} aria-label={m.trust.clocks}>
        <table className="grid-table clock-table">
          <thead>
            <tr>
              <th scope="col">{m.trust.kind}</th>
              <th scope="col">{m.trust.minutesEmpty}</th>
              <th scope="col">{m.trust.basis}</th>
            </tr>
          </thead>
          <tbody>
            {clocks.map((clock) => {
              const kind = m.trust.priorities[clock.priority] ?? String(clock.priority);
              return (
                <tr key={clock.priority}>
                  <th scope="row">{kind}</th>
                  <td>
                    <input
                      type="number"
                      min={1}
                      aria-label={m.trust.clockMinutes(kind)}
                      value={clock.minutes ?? ""}
                      onChange={(event) =>
                        set(clock.priority, { minutes: event.target.value === "" ? null : Number(event.target.value) })
                      }
                    />
                  </td>
                  <td>
                    <select
                      aria-label={m.trust.clockBasis(kind)}
                      value={clock.basis}
                      onChange={(event) => set(clock.priority, { basis: event.target.value as Clock["basis"] })}
                    >
                      {Object.entries(m.trust.bases).map(([value, text]) => (
                        <option key={value} value={value}>
                          {text}
                        </option>
                      ))}
                    </select>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </Section>
  );
}

/** Which answers a second person sees before they leave. */
export function PolicySection({ settings, etag, mayChange }: SectionProps) {
  const m = useMessages();
  const [chosen, setChosen] = useState(settings.policy.second_person_priorities);
  const save = useSave(etag);
  return (
    <Section
      id="policy"
      title={m.trust.policy}
      lead={m.trust.policyLead}
      mayChange={mayChange}
      save={save}
      part={() => ({ policy: { second_person_priorities: [...chosen].sort((a, b) => a - b) } })}
    >
      <div className="check-grid">
        {m.trust.priorities.map((name, priority) => (
          <CheckField
            key={name}
            label={name}
            checked={chosen.includes(priority)}
            onChange={(event) =>
              setChosen(event.target.checked ? [...chosen, priority] : chosen.filter((other) => other !== priority))
            }
          />
        ))}
      </div>
    </Section>
  );
}
