import { type FormEvent, useState } from "react";
import { call, Problem } from "../../api/client";
import { keys, useChange } from "../../api/hooks";
import { useMessages } from "../../i18n";
import { preferences } from "../../lib/storage";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { TextField } from "../../ui/Field";
import { State } from "../listen/parts";

const granted = () => "Notification" in window && Notification.permission === "granted";

/** Whether this browser shows alerts; a choice of this browser, not of the organisation. */
export function HereSection() {
  const m = useMessages();
  const [on, setOn] = useState(() => preferences.notifyHere() && granted());
  const [denied, setDenied] = useState(() => !("Notification" in window) || Notification.permission === "denied");
  const turn = async () => {
    if (on) {
      preferences.setNotifyHere(false);
      setOn(false);
      return;
    }
    const answer = "Notification" in window ? await Notification.requestPermission() : "denied";
    preferences.setNotifyHere(answer === "granted");
    setOn(answer === "granted");
    setDenied(answer === "denied");
  };
  return (
    <section className="section-card" id="here" aria-labelledby="here-title">
      <div>
        <h2 id="here-title">{m.trust.here}</h2>
        <p className="small">{m.trust.hereLead}</p>
      </div>
      {denied && !on && <p role="status">{m.trust.hereDenied}</p>}
      <div className="row-actions">
        <button type="button" onClick={() => void turn()} disabled={denied && !on}>
          {on ? m.trust.hereOff : m.trust.hereOn}
        </button>
      </div>
    </section>
  );
}

/** The own password of whoever is signed in. */
export function PasswordSection() {
  const m = useMessages();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const change = useChange(() => call<null>("POST", "/me/password", { body: { old, new: next } }), [keys.audit]);
  const said = (name: string) => (change.error instanceof Problem ? change.error.field(name) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(undefined, {
      onSuccess: () => {
        setOld("");
        setNext("");
        announce(m.trust.passwordChanged);
      },
    });
  };
  return (
    <form className="section-card" id="password" aria-labelledby="password-title" onSubmit={submit}>
      <div>
        <h2 id="password-title">{m.trust.changePassword}</h2>
        <p className="small">{m.trust.changePasswordLead}</p>
      </div>
      <div className="field-grid">
        <TextField
          label={m.trust.oldPassword}
          type="password"
          autoComplete="current-password"
          required
          value={old}
          onChange={(event) => setOld(event.target.value)}
          error={said("old")}
        />
        <TextField
          label={m.trust.newPassword}
          help={m.trust.newPasswordHelp}
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          value={next}
          onChange={(event) => setNext(event.target.value)}
          error={said("new")}
        />
      </div>
      <ProblemNote problem={change.error} />
      <div className="row-actions">
        <button type="submit" className="primary" disabled={change.isPending}>
          {m.trust.changeNow}
        </button>
        {change.isSuccess && <State tone="ok" text={m.trust.passwordChanged} />}
      </div>
    </form>
  );
}
