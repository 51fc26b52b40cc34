import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { Problem } from "../../api/client";
import { keys, queryClient } from "../../api/hooks";
import { trust } from "../../api/operations";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { sentenceOf } from "../../ui/Feedback";
import { TextField } from "../../ui/Field";

export function LoginPage() {
  const m = useMessages();
  const navigate = useNavigate();
  const { to } = useSearch({ from: "/login" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useTitle(m.start.signIn);
  useEffect(() => {
    void trust
      .setupNeeded()
      .then(({ needed }) => (needed ? navigate({ to: "/setup" }) : undefined))
      .catch(() => undefined);
  }, [navigate]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const me = await trust.signIn(email, password);
      queryClient.setQueryData(keys.me, me);
      await navigate({ href: to?.startsWith("/") && !to.startsWith("//") ? to : "/inbox" });
    } catch (cause) {
      setProblem(cause);
      setBusy(false);
    }
  };
  const words = () => {
    if (problem instanceof Problem && problem.status === 401) return m.start.wrong;
    if (problem instanceof Problem && problem.status === 429) return m.start.tooMany;
    return sentenceOf(problem, m);
  };
  return (
    <main className="door">
      <form className="card door-card" onSubmit={(event) => void submit(event)}>
        <p className="brand">{m.common.product}</p>
        <h1>{m.start.signIn}</h1>
        <p className="muted">{m.start.signInLead}</p>
        <TextField
          label={m.start.email}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label={m.start.password}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {problem !== null && (
          <p className="field-error" role="alert">
            {words()}
          </p>
        )}
        <button type="submit" className="primary wide" disabled={busy}>
          {m.start.signIn}
        </button>
        <p className="help">{m.start.forgot}</p>
      </form>
    </main>
  );
}
