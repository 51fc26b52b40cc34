import { useState } from "react";
import { useMay, useMe, useUsers } from "../../api/hooks";
import type { Settings } from "../../api/types";
import { useMessages } from "../../i18n";
import { CheckField, SelectField } from "../../ui/Field";
import { move } from "./hours";
import { Section, type SectionProps, useSave } from "./Section";

type Step = Settings["rota"][number];

const CHANNELS = ["email", "webhook", "browser"] as const;

/** Who is on call, in the order in which they are told. */
export function RotaSection({ settings, etag, mayChange }: SectionProps) {
  const m = useMessages();
  const words = m.trust;
  const may = useMay();
  const me = useMe();
  const users = useUsers(may("manage_users"));
  const [rota, setRota] = useState<Step[]>(settings.rota);
  const save = useSave(etag);
  const people = users.data?.items.filter((user) => user.active) ?? (me.data ? [me.data.user] : []);
  const nameOf = (id: string) => people.find((user) => user.id === id)?.name ?? id;
  const free = people.filter((user) => !rota.some((step) => step.user_id === user.id));
  const set = (index: number, step: Step) => setRota(rota.map((other, at) => (at === index ? step : other)));
  return (
    <Section id="rota" title={words.rota} mayChange={mayChange} save={save} part={() => ({ rota })}>
      {rota.length === 0 && <p className="small">{words.noRota}</p>}
      <ol className="plain-list lined">
        {rota.map((step, index) => (
          <li key={step.user_id} className="rota-row">
            <strong>
              {index + 1}. {nameOf(step.user_id)}
            </strong>
            <fieldset className="row-actions" aria-label={nameOf(step.user_id)}>
              {CHANNELS.map((channel) => (
                <CheckField
                  key={channel}
                  label={words.channels[channel]}
                  checked={step.channels.includes(channel)}
                  onChange={(event) =>
                    set(index, {
                      ...step,
                      channels: CHANNELS.filter((other) =>
                        other === channel ? event.target.checked : step.channels.includes(other),
                      ),
                    })
                  }
                />
              ))}
            </fieldset>
            <div className="row-actions">
              <button
                type="button"
                disabled={index === 0}
                aria-label={words.moveUp(nameOf(step.user_id))}
                onClick={() => setRota(move(rota, index, -1))}
              >
                {words.up}
              </button>
              <button
                type="button"
                disabled={index === rota.length - 1}
                aria-label={words.moveDown(nameOf(step.user_id))}
                onClick={() => setRota(move(rota, index, 1))}
              >
                {words.down}
              </button>
              <button
                type="button"
                className="quiet"
                aria-label={words.removeRota(nameOf(step.user_id))}
                onClick={() => setRota(rota.filter((_, at) => at !== index))}
              >
                {words.removeHours}
              </button>
            </div>
          </li>
        ))}
      </ol>
      {free.length > 0 ? (
        <SelectField
          label={words.addRota}
          value=""
          options={[["", words.rotaPerson], ...free.map((user) => [user.id, user.name] as const)]}
          onChange={(event) =>
            event.target.value && setRota([...rota, { user_id: event.target.value, channels: ["browser"] }])
          }
        />
      ) : (
        <p className="small">{words.noUsersLeft}</p>
      )}
    </Section>
  );
}
