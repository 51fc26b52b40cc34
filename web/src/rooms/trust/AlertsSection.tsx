import { useState } from "react";
import type { Settings, SmtpSettings } from "../../api/types";
import { useMessages } from "../../i18n";
import { CheckField, SelectField, TextArea, TextField } from "../../ui/Field";
import { Section, type SectionProps, useSave } from "./Section";

type Alerts = Settings["alerts"];

const NEW_SMTP: SmtpSettings = { host: "", port: 587, from: "", username: null, tls: "starttls" };

/** What is sent: secrets only where somebody typed new ones, and never what the server says about them. */
export function alertsBody(alerts: Alerts, password: string, secret: string): Alerts {
  const { smtp, webhook } = alerts;
  return {
    smtp: smtp && {
      host: smtp.host.trim(),
      port: smtp.port,
      from: smtp.from.trim(),
      username: smtp.username?.trim() || null,
      tls: smtp.tls,
      ...(password ? { password } : {}),
    },
    webhook: webhook && { url: webhook.url.trim(), ...(secret ? { secret } : {}) },
    escalate_after_minutes: alerts.escalate_after_minutes,
    allowed_private_hosts: alerts.allowed_private_hosts.map((host) => host.trim()).filter(Boolean),
  };
}

/** How somebody is told when a person may be in danger. */
export function AlertsSection({ settings, etag, mayChange }: SectionProps) {
  const m = useMessages();
  const words = m.trust;
  const [alerts, setAlerts] = useState<Alerts>(settings.alerts);
  const [password, setPassword] = useState("");
  const [secret, setSecret] = useState("");
  const save = useSave(etag);
  const { smtp, webhook } = alerts;
  const setSmtp = (part: Partial<SmtpSettings>) => setAlerts({ ...alerts, smtp: { ...(smtp ?? NEW_SMTP), ...part } });
  return (
    <Section
      id="alerts"
      title={words.alerts}
      lead={words.alertsLead}
      mayChange={mayChange}
      save={save}
      part={() => ({ alerts: alertsBody(alerts, password, secret) })}
      onSaved={() => {
        setPassword("");
        setSecret("");
      }}
    >
      <fieldset>
        <legend>{words.mail}</legend>
        <CheckField
          label={words.mailOn}
          checked={smtp !== null}
          onChange={(event) => setAlerts({ ...alerts, smtp: event.target.checked ? NEW_SMTP : null })}
        />
        {smtp && (
          <div className="field-grid">
            <TextField
              label={words.host}
              value={smtp.host}
              required
              onChange={(event) => setSmtp({ host: event.target.value })}
            />
            <TextField
              label={words.port}
              type="number"
              min={1}
              max={65535}
              required
              value={smtp.port}
              onChange={(event) => setSmtp({ port: Number(event.target.value) })}
            />
            <TextField
              label={words.sender}
              type="email"
              required
              value={smtp.from}
              onChange={(event) => setSmtp({ from: event.target.value })}
            />
            <SelectField
              label={words.encryption}
              value={smtp.tls}
              options={Object.entries(words.encryptions)}
              onChange={(event) => setSmtp({ tls: event.target.value as SmtpSettings["tls"] })}
            />
            <TextField
              label={words.user}
              autoComplete="off"
              value={smtp.username ?? ""}
              onChange={(event) => setSmtp({ username: event.target.value })}
            />
            <TextField
              label={words.passwordWord}
              type="password"
              autoComplete="new-password"
              help={smtp.password_set ? words.secretKept : undefined}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </div>
        )}
      </fieldset>
      <fieldset>
        <legend>{words.hook}</legend>
        <CheckField
          label={words.hookOn}
          checked={webhook !== null}
          onChange={(event) => setAlerts({ ...alerts, webhook: event.target.checked ? { url: "" } : null })}
        />
        {webhook && (
          <div className="field-grid">
            <TextField
              label={words.hookUrl}
              type="url"
              required
              value={webhook.url}
              onChange={(event) => setAlerts({ ...alerts, webhook: { ...webhook, url: event.target.value } })}
            />
            <TextField
              label={words.secret}
              type="password"
              autoComplete="new-password"
              help={webhook.secret_set ? words.secretKept : undefined}
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          </div>
        )}
      </fieldset>
      <TextField
        label={words.escalate}
        type="number"
        min={1}
        max={1440}
        required
        value={alerts.escalate_after_minutes}
        onChange={(event) => setAlerts({ ...alerts, escalate_after_minutes: Number(event.target.value) })}
      />
      <TextArea
        label={words.privateHosts}
        help={words.privateHostsHelp}
        rows={2}
        value={alerts.allowed_private_hosts.join("\n")}
        onChange={(event) => setAlerts({ ...alerts, allowed_private_hosts: event.target.value.split("\n") })}
      />
    </Section>
  );
}
