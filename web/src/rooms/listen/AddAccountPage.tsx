import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { call, Problem } from "../../api/client";
import { keys, useChange } from "../../api/hooks";
import { listen } from "../../api/operations";
import type { Account, NewAccount } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { ProblemNote, Skeleton } from "../../ui/Feedback";
import { CheckField, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { TestResult } from "./parts";
import "./listen.css";

const NETWORKS = ["wordpress", "google_business", "feed"] as const;
type NetworkName = (typeof NETWORKS)[number];
type Step = 0 | 1 | 2;

const EMPTY = {
  name: "",
  address: "",
  location: "",
  username: "",
  password: "",
  phone: "",
  email: "",
  url: "",
  part2: false,
};
export type Form = typeof EMPTY;

/** The body of the request; credentials only where the network asks for some. */
export function bodyOf(network: NetworkName, form: Form): NewAccount & { config?: Record<string, string> } {
  const trimmed = (value: string) => value.trim() || null;
  const body: NewAccount & { config?: Record<string, string> } = {
    network,
    name: form.name.trim(),
    base_url: form.address.trim(),
  };
  if (network === "wordpress") {
    body.credentials = { username: form.username.trim(), password: form.password };
  }
  if (network === "google_business") {
    body.credentials = { token: form.password };
    body.config = { location: form.location.trim(), location_title: body.name };
  }
  if (network !== "feed") {
    body.contacts = { phone: trimmed(form.phone), email: trimmed(form.email), url: trimmed(form.url) };
    body.part2 = form.part2;
  }
  return body;
}

/** Connects an account, or corrects the one that was kept though its test did not pass. */
async function save({ body, kept }: { body: NewAccount; kept: Account | null }): Promise<Account> {
  if (!kept) return listen.addAccount(body);
  const path = `/accounts/${encodeURIComponent(kept.id)}`;
  // The test itself changes the account, so the version of a moment ago is not the one to change.
  const { version } = await call<Account>("GET", path);
  return call<Account>("PATCH", path, { body: { ...body, network: undefined }, ifMatch: version });
}

/** Connecting an account: what it is, what it may do and why, and a test that proves it. */
export function AddAccountPage() {
  const m = useMessages();
  useTitle(m.listen.add);
  const words = m.listen;
  const [step, setStep] = useState<Step>(0);
  const [network, setNetwork] = useState<NetworkName>("wordpress");
  const [form, setForm] = useState<Form>(EMPTY);
  const heading = useRef<HTMLHeadingElement>(null);
  const moved = useRef(false);
  const test = useChange((id: string) => listen.selfTest(id), [keys.listen]);
  const add = useChange(save, [keys.listen, keys.audit]);
  const [kept, setKept] = useState<Account | null>(null);

  // A new step is a new page for somebody who hears it: its heading takes the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is what moves the focus.
  useEffect(() => {
    if (moved.current) heading.current?.focus();
    moved.current = true;
  }, [step]);

  const connect = () =>
    add.mutate(
      { body: bodyOf(network, form), kept },
      {
        onSuccess: (account) => {
          setKept(account);
          setForm((now) => ({ ...now, password: "" }));
          setStep(2);
          test.mutate(account.id);
        },
      },
    );

  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{words.add}</h1>
          <p>
            <Link to="/listen">{words.backToAll}</Link>
          </p>
        </div>
        <ol className="step-names">
          {words.stepNames.map((name, index) => (
            <li key={name} aria-current={index === step ? "step" : undefined}>
              {index + 1}. {name}
            </li>
          ))}
        </ol>
      </header>
      <section className="section-card narrow">
        <div>
          <p className="small">{words.steps(step + 1, 3)}</p>
          <h2 ref={heading} tabIndex={-1}>
            {words.stepNames[step]}
          </h2>
        </div>
        {step === 0 && <WhatStep network={network} setNetwork={setNetwork} onNext={() => setStep(1)} />}
        {step === 1 && (
          <MayStep
            network={network}
            form={form}
            change={(part) => setForm((now) => ({ ...now, ...part }))}
            problem={add.error}
            pending={add.isPending}
            onBack={() => setStep(kept ? 2 : 0)}
            onConnect={connect}
          />
        )}
        {step === 2 && (
          <div className="stack">
            {test.isPending && <Skeleton rows={3} />}
            {test.data && (
              <>
                <p className={test.data.ok ? "good-note" : undefined}>
                  {test.data.ok && <Icon name="check" />}
                  {test.data.ok ? words.connected : words.connectedNotWorking}
                </p>
                <TestResult test={test.data} />
              </>
            )}
            <ProblemNote problem={test.error} />
            <div className="row-actions">
              {!test.data?.ok && kept && (
                <>
                  <button type="button" disabled={test.isPending} onClick={() => setStep(1)}>
                    {words.correct}
                  </button>
                  <button type="button" disabled={test.isPending} onClick={() => test.mutate(kept.id)}>
                    {words.testAgain}
                  </button>
                </>
              )}
              <Link to="/listen" className="button-link">
                {words.toAccounts}
              </Link>
              <Link to="/" className="button-link primary">
                {words.toInbox}
              </Link>
            </div>
          </div>
        )}
      </section>
    </div>
  );
}

function WhatStep({
  network,
  setNetwork,
  onNext,
}: {
  network: NetworkName;
  setNetwork: (network: NetworkName) => void;
  onNext: () => void;
}) {
  const m = useMessages();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onNext();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="pick-list">
        <legend>{m.listen.network}</legend>
        {NETWORKS.map((name) => (
          <label key={name} className="pick">
            <input type="radio" name="network" checked={network === name} onChange={() => setNetwork(name)} />
            {m.listen.networks[name]}
          </label>
        ))}
      </fieldset>
      <div className="row-actions">
        <button type="submit" className="primary">
          {m.listen.next}
        </button>
        <Link to="/listen/import" className="button-link">
          {m.listen.importFile}
        </Link>
      </div>
    </form>
  );
}

function Needs({ network }: { network: NetworkName }) {
  const words = useMessages().listen;
  const list =
    network === "wordpress"
      ? Object.values(words.wordpressNeeds)
      : network === "google_business"
        ? Object.values(words.googleNeeds)
        : [words.feedNeeds];
  return (
    <div className="why-box">
      <h3>{words.permissions}</h3>
      <ul>
        {list.map((need) => (
          <li key={need}>{need}</li>
        ))}
      </ul>
    </div>
  );
}

function MayStep({
  network,
  form,
  change,
  problem,
  pending,
  onBack,
  onConnect,
}: {
  network: NetworkName;
  form: Form;
  change: (part: Partial<Form>) => void;
  problem: unknown;
  pending: boolean;
  onBack: () => void;
  onConnect: () => void;
}) {
  const m = useMessages();
  const words = m.listen;
  const [tried, setTried] = useState(false);
  const missing = (value: string) => (tried && value.trim() === "" ? words.fieldNeeds : undefined);
  const said = (name: string) => (problem instanceof Problem ? problem.field(name) : undefined);
  const needed = [
    form.name,
    form.address,
    ...(network === "wordpress" ? [form.username] : []),
    ...(network === "google_business" ? [form.location] : []),
    ...(network === "feed" ? [] : [form.password]),
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (needed.every((value) => value.trim() !== "")) onConnect();
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <Needs network={network} />
      <TextField
        label={words.name}
        value={form.name}
        required
        onChange={(event) => change({ name: event.target.value })}
        error={missing(form.name) ?? said("name")}
      />
      <TextField
        label={words.address}
        help={words.addressHelp}
        type="url"
        inputMode="url"
        required
        value={form.address}
        onChange={(event) => change({ address: event.target.value })}
        error={missing(form.address) ?? said("base_url")}
      />
      {network === "google_business" && (
        <TextField
          label={words.location}
          help={words.locationHelp}
          value={form.location}
          required
          onChange={(event) => change({ location: event.target.value })}
          error={missing(form.location) ?? said("config")}
        />
      )}
      {network === "wordpress" && (
        <TextField
          label={words.username}
          value={form.username}
          autoComplete="off"
          required
          onChange={(event) => change({ username: event.target.value })}
          error={missing(form.username) ?? said("username")}
        />
      )}
      {network !== "feed" && (
        <TextField
          label={network === "wordpress" ? words.appPassword : words.token}
          help={network === "wordpress" ? words.appPasswordHelp : undefined}
          type="password"
          autoComplete="new-password"
          required
          value={form.password}
          onChange={(event) => change({ password: event.target.value })}
          error={missing(form.password) ?? said("password") ?? said("token")}
        />
      )}
      {network !== "feed" && (
        <fieldset className="pick-list">
          <legend>{words.contacts}</legend>
          <p className="small">{words.contactsHelp}</p>
          <div className="field-grid">
            <TextField
              label={words.phone}
              type="tel"
              value={form.phone}
              onChange={(event) => change({ phone: event.target.value })}
              error={said("phone")}
            />
            <TextField
              label={words.email}
              type="email"
              value={form.email}
              onChange={(event) => change({ email: event.target.value })}
              error={said("email")}
            />
          </div>
          <TextField
            label={words.url}
            type="url"
            value={form.url}
            onChange={(event) => change({ url: event.target.value })}
          />
          <CheckField
            label={words.part2}
            checked={form.part2}
            onChange={(event) => change({ part2: event.target.checked })}
          />
        </fieldset>
      )}
      <ProblemNote problem={problem} />
      <div className="row-actions">
        <button type="submit" className="primary" disabled={pending}>
          {pending ? words.connecting : words.connect}
        </button>
        <button type="button" onClick={onBack}>
          {m.common.back}
        </button>
      </div>
    </form>
  );
}
