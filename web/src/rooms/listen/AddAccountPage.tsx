import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { call } from "../../api/client";
import type { NetworkShape } from "../../api/connecting";
import { keys, useChange, useNetworks } from "../../api/hooks";
import { listen } from "../../api/operations";
import type { Account, NewAccount } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Loaded } from "../../ui/Feedback";
import { PickNetwork } from "./connect/PickNetwork";
import { TestStep } from "./connect/TestStep";
import { WayStep } from "./connect/WayStep";
import { bodyOf, emptyForm, type FormWay, withoutSecrets } from "./connect/ways";
import "./listen.css";

type Step = 0 | 1 | 2;

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
  const networks = useNetworks();
  return (
    <div className="listen-page">
      <Loaded query={networks} shape="card" rows={1}>
        {(page) => <Steps networks={page.items.filter((network) => network.name !== "import")} />}
      </Loaded>
    </div>
  );
}

function Steps({ networks }: { networks: NetworkShape[] }) {
  const words = useMessages().listen;
  const [step, setStep] = useState<Step>(0);
  const [picked, setPicked] = useState(networks[0]);
  const [form, setForm] = useState(() => (networks[0] ? emptyForm(networks[0]) : null));
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

  if (!picked || !form) return null;
  const choose = (network: NetworkShape) => {
    setPicked(network);
    setForm(emptyForm(network));
    add.reset();
  };
  const connect = (way: FormWay) =>
    add.mutate(
      { body: bodyOf(picked, way, form), kept },
      {
        onSuccess: (account) => {
          setKept(account);
          setForm(withoutSecrets(form));
          setStep(2);
          test.mutate(account.id);
        },
      },
    );

  return (
    <>
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
        {step === 0 && <PickNetwork networks={networks} chosen={picked} choose={choose} onNext={() => setStep(1)} />}
        {step === 1 && (
          <WayStep
            network={picked}
            form={form}
            change={(part) => setForm({ ...form, ...part })}
            problem={add.error}
            pending={add.isPending}
            onBack={() => setStep(kept ? 2 : 0)}
            onConnect={connect}
          />
        )}
        {step === 2 && kept && <TestStep test={test} account={kept} onCorrect={() => setStep(1)} />}
      </section>
    </>
  );
}
