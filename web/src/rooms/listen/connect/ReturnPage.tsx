import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { AuthorisationGranted } from "../../../api/connecting";
import { keys, useChange } from "../../../api/hooks";
import { connecting, listen } from "../../../api/operations";
import { useTitle } from "../../../frame/useTitle";
import { useMessages } from "../../../i18n";
import { ProblemNote, Skeleton } from "../../../ui/Feedback";
import { TextField } from "../../../ui/Field";
import { flow, returned, whyNot } from "./returned";
import { TestStep } from "./TestStep";
import "../listen.css";

/** Hands in what came back, once; a page that is loaded again asks for what was granted then. */
async function handIn(): Promise<AuthorisationGranted | null> {
  const back = returned();
  if (!back) {
    const known = flow.known();
    return known ? connecting.granted(known) : null;
  }
  const granted = await connecting.handIn(back);
  flow.remember(granted.id);
  return granted;
}

/** The page that a network sends the browser back to: which account, and the test that proves it. */
export function ReturnPage() {
  const m = useMessages();
  useTitle(m.connect.back.title);
  const [of] = useState(() => returned()?.state ?? flow.known());
  // A code is good for one use, so the answer is kept and never asked for again.
  const granted = useQuery({
    queryKey: ["authorisation", of],
    queryFn: handIn,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{m.connect.back.title}</h1>
          <p>
            <Link to="/listen">{m.listen.backToAll}</Link>
          </p>
        </div>
      </header>
      <section className="section-card narrow">
        {granted.isPending && <Skeleton rows={3} />}
        {granted.error && <NotGiven problem={granted.error} />}
        {granted.data === null && <BeginAgain text={m.connect.back.nothing} />}
        {granted.data && <Choose granted={granted.data} />}
      </section>
    </div>
  );
}

function BeginAgain({ text }: { text: string }) {
  const m = useMessages();
  return (
    <div className="stack">
      <p>{text}</p>
      <div className="row-actions">
        <Link to="/listen/add" className="button-link primary">
          {m.connect.back.begin}
        </Link>
      </div>
    </div>
  );
}

function NotGiven({ problem }: { problem: unknown }) {
  const words = useMessages().connect.back;
  const why = whyNot(problem, returned());
  if (!why) return <ProblemNote problem={problem} />;
  return (
    <div className="stack" role="alert">
      <p>
        <strong>{words[why]}</strong>
      </p>
      {why === "failed" && <ProblemNote problem={problem} />}
      <BeginAgain text={words[`${why}Do`]} />
    </div>
  );
}

function Choose({ granted }: { granted: AuthorisationGranted }) {
  const m = useMessages();
  const words = m.connect.back;
  const again = granted.account_id !== null;
  const [picked, setPicked] = useState(granted.choices[0]);
  const [name, setName] = useState("");
  const test = useChange((id: string) => listen.selfTest(id), [keys.listen]);
  const connect = useChange(
    (native_id: string) =>
      connecting.connect(granted.id, { native_id, name: again ? undefined : name.trim() || undefined }),
    [keys.listen, keys.audit],
  );
  if (!picked) return <BeginAgain text={words.none} />;
  if (connect.data) {
    return (
      <>
        {again && <p>{words.again}</p>}
        <TestStep test={test} account={connect.data} />
      </>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate(picked.native_id, {
      onSuccess: (account) => {
        flow.forget();
        test.mutate(account.id);
      },
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p className="small">{m.connect.networks[granted.network] ?? granted.network}</p>
      <fieldset className="pick-list">
        <legend>{again ? words.chooseAgain : words.choose}</legend>
        {granted.choices.map((choice) => (
          <label key={choice.native_id} className="pick">
            <input
              type="radio"
              name="choice"
              checked={picked.native_id === choice.native_id}
              onChange={() => setPicked(choice)}
            />
            <span>
              {choice.name} <span className="small">{choice.native_id}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {!again && (
        <TextField
          label={m.connect.fields.name ?? ""}
          value={name}
          placeholder={picked.name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <ProblemNote problem={connect.error} />
      <div className="row-actions">
        <button type="submit" className="primary" disabled={connect.isPending}>
          {again ? words.confirm : words.connect}
        </button>
      </div>
    </form>
  );
}
