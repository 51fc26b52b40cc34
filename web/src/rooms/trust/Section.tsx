import { type FormEvent, type ReactNode, useState } from "react";
import { keys, useChange } from "../../api/hooks";
import { trust } from "../../api/operations";
import type { Settings } from "../../api/types";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { State } from "../listen/parts";

/** What every section of the settings gets: the settings, the version they are of, and whether they may be changed. */
export interface SectionProps {
  settings: Settings;
  etag: string | null;
  mayChange: boolean;
}

/** Saves a part of the settings on the version that was read. */
export function useSave(etag: string | null) {
  return useChange((part: Partial<Settings>) => trust.changeSettings(part, etag), [keys.settings, keys.audit, keys.me]);
}

/** One section: a form with its own button, so that a mistake in one never holds up another. */
export function Section({
  id,
  title,
  lead,
  mayChange,
  save,
  part,
  onSaved,
  children,
}: {
  id: string;
  title: string;
  lead?: string;
  mayChange: boolean;
  save: ReturnType<typeof useSave>;
  part: () => Partial<Settings>;
  onSaved?: () => void;
  children: ReactNode;
}) {
  const m = useMessages();
  const [saved, setSaved] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(part(), {
      onSuccess: () => {
        setSaved(true);
        announce(m.common.saved);
        onSaved?.();
      },
    });
  };
  return (
    <form
      className="section-card"
      id={id}
      aria-labelledby={`${id}-title`}
      onSubmit={submit}
      onChange={() => setSaved(false)}
    >
      <div>
        <h2 id={`${id}-title`}>{title}</h2>
        {lead && <p className="small">{lead}</p>}
      </div>
      <fieldset disabled={!mayChange} aria-labelledby={`${id}-title`}>
        {children}
      </fieldset>
      <ProblemNote problem={save.error} />
      {mayChange && (
        <div className="row-actions">
          <button type="submit" className="primary" disabled={save.isPending}>
            {m.common.save}
            <span className="visually-hidden"> {title}</span>
          </button>
          {saved && <State tone="ok" text={m.common.saved} />}
        </div>
      )}
    </form>
  );
}
