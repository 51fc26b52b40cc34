import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { Problem } from "../../api/client";
import { keys, queryClient } from "../../api/hooks";
import { trust } from "../../api/operations";
import { type HourRange, type OrganisationKind, WEEKDAYS, type Weekday } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { type Language, useLocale } from "../../i18n";
import { sentenceOf } from "../../ui/Feedback";
import { SelectField, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";

const entries = <K extends string>(names: Record<K, string>) => Object.entries(names) as [K, string][];
const zones = () => Intl.supportedValuesOf("timeZone");

/** Monday to Friday in the given hours; the week-end is closed. */
function weekOf(opens: string, closes: string): Record<Weekday, HourRange[]> {
  const range: HourRange[] = opens < closes ? [[opens, closes]] : [];
  return Object.fromEntries(WEEKDAYS.map((day) => [day, day === "sat" || day === "sun" ? [] : range])) as Record<
    Weekday,
    HourRange[]
  >;
}

/** The first run: one page, then the choice of where to listen. */
export function SetupPage() {
  const { m, language, setLanguage } = useLocale();
  const navigate = useNavigate();
  const [form, setForm] = useState({
    name: "",
    kind: "hospital" as OrganisationKind,
    country: "US",
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    opens: "08:00",
    closes: "17:00",
    person: "",
    email: "",
    password: "",
  });
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  useTitle(m.start.setUp);
  useEffect(() => {
    void trust
      .setupNeeded()
      .then(({ needed }) => (!needed ? navigate({ to: "/inbox" }) : undefined))
      .catch(() => undefined);
  }, [navigate]);
  if (done) return <Choices />;

  const put = (name: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm((now) => ({ ...now, [name]: event.target.value }));
  const wrong = (name: string) => (problem instanceof Problem ? problem.field(name) : undefined);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await trust.setUp({
        organisation: {
          name: form.name,
          kind: form.kind,
          country: form.country,
          language,
          zone: form.zone,
          hours: { week: weekOf(form.opens, form.closes), holidays: [] },
        },
        user: { name: form.person, email: form.email, password: form.password },
      });
      await queryClient.invalidateQueries({ queryKey: keys.me });
      setDone(true);
    } catch (cause) {
      setProblem(cause);
      setBusy(false);
    }
  };
  return (
    <main className="door">
      <form className="card door-card is-wide" onSubmit={(event) => void submit(event)}>
        <p className="brand">{m.common.product}</p>
        <h1>{m.start.setUp}</h1>
        <p className="muted">{m.start.setUpLead}</p>
        <fieldset>
          <legend>{m.start.organisation}</legend>
          <TextField
            label={m.start.organisationName}
            help={m.start.organisationNameHelp}
            required
            autoComplete="organization"
            value={form.name}
            onChange={put("name")}
            error={wrong("organisation.name")}
          />
          <div className="pair">
            <SelectField
              label={m.start.kind}
              options={entries(m.start.kinds)}
              value={form.kind}
              onChange={put("kind")}
            />
            <SelectField
              label={m.start.language}
              options={entries(m.start.languages)}
              value={language}
              onChange={(event) => setLanguage(event.target.value as Language)}
            />
          </div>
          <div className="pair">
            <SelectField
              label={m.start.country}
              help={m.start.countryHelp}
              options={entries(m.start.countries)}
              value={form.country}
              onChange={put("country")}
              error={wrong("country")}
            />
            <SelectField
              label={m.start.zone}
              options={[...new Set([form.zone, "UTC", ...zones()])].map((zone) => [zone, zone] as const)}
              value={form.zone}
              onChange={put("zone")}
              error={wrong("zone")}
            />
          </div>
          <div className="pair">
            <TextField label={m.start.opens} type="time" required value={form.opens} onChange={put("opens")} />
            <TextField label={m.start.closes} type="time" required value={form.closes} onChange={put("closes")} />
          </div>
          <p className="help">{m.start.hoursHelp}</p>
        </fieldset>
        <fieldset>
          <legend>{m.start.you}</legend>
          <TextField
            label={m.start.yourName}
            required
            autoComplete="name"
            value={form.person}
            onChange={put("person")}
            error={wrong("user.name")}
          />
          <TextField
            label={m.start.email}
            type="email"
            required
            autoComplete="username"
            value={form.email}
            onChange={put("email")}
            error={wrong("email")}
          />
          <TextField
            label={m.start.newPassword}
            help={m.start.passwordHelp}
            type="password"
            required
            minLength={12}
            autoComplete="new-password"
            value={form.password}
            onChange={put("password")}
            error={wrong("password")}
          />
        </fieldset>
        {problem !== null && (
          <p className="field-error" role="alert">
            {sentenceOf(problem, m)}
          </p>
        )}
        <button type="submit" className="primary wide" disabled={busy}>
          {m.start.create}
        </button>
      </form>
    </main>
  );
}

function Choices() {
  const { m } = useLocale();
  const words = m.start.choices;
  return (
    <main className="door">
      <div className="door-card is-wide">
        <h1>{m.start.ready}</h1>
        <ul className="choices">
          <li>
            <Link to="/listen/add" className="card choice">
              <Icon name="listen" />
              <strong>{words.connect}</strong>
              <span className="muted">{words.connectWhy}</span>
            </Link>
          </li>
          <li>
            <Link to="/listen/import" className="card choice">
              <Icon name="file" />
              <strong>{words.import}</strong>
              <span className="muted">{words.importWhy}</span>
            </Link>
          </li>
          <li>
            <Link to="/inbox" className="card choice">
              <Icon name="answer" />
              <strong>{words.demo}</strong>
              <span className="muted">{words.demoWhy}</span>
            </Link>
          </li>
        </ul>
      </div>
    </main>
  );
}
