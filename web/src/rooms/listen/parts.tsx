import type { Account, SelfTest, Source } from "../../api/types";
import { useLocale, useMessages } from "../../i18n";
import { duration } from "../../lib/time";
import { Icon, type IconName } from "../../ui/Icon";
import { Time } from "../../ui/Time";

type Tone = "ok" | "warn" | "bad" | "neutral";
const MARKS: Record<Tone, IconName> = { ok: "check", warn: "alert", bad: "cross", neutral: "clock" };

/** A state in words, with a mark; the colour only repeats it. */
export function State({ tone, text }: { tone: Tone; text: string }) {
  return (
    <span className={`state-mark is-${tone}`}>
      <Icon name={MARKS[tone]} />
      {text}
    </span>
  );
}

const ACCOUNT_TONES: Record<string, Tone> = { connected: "ok", paused: "neutral", needs_reauthorisation: "bad" };

export function AccountState({ account }: { account: Account }) {
  const m = useMessages();
  return (
    <State
      tone={ACCOUNT_TONES[account.state] ?? "neutral"}
      text={m.listen.states[account.state] ?? account.state.replaceAll("_", " ")}
    />
  );
}

const SOURCE_TONES: Record<Source["state"], Tone> = { ok: "ok", silent: "warn", failing: "bad", paused: "neutral" };

export function SourceState({ source }: { source: Source }) {
  const m = useMessages();
  return <State tone={SOURCE_TONES[source.state]} text={m.listen.sourceStates[source.state]} />;
}

/** What the self-test found, one check a line. */
export function TestResult({ test }: { test: SelfTest }) {
  const m = useMessages();
  return (
    <div className="stack" role="status">
      <p>
        <strong>{test.ok ? m.listen.testOk : m.listen.testFailed}</strong>
      </p>
      <ul className="plain-list checks">
        {test.checks.map((check) => (
          <li key={check.name}>
            <State tone={check.ok ? "ok" : "bad"} text={check.ok ? m.listen.checkOk : m.listen.checkFailed} />
            <span>
              {m.listen.checks[check.name] ?? check.name.replaceAll("_", " ")}
              {check.detail && <span className="small"> {check.detail}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** An instant or the word for none. */
export function When({ at }: { at: string | null }) {
  const m = useMessages();
  return at ? <Time at={at} /> : m.listen.never;
}

/** A length of time in the reader's language. */
export function useLength(): (seconds: number) => string {
  const { tag } = useLocale();
  return (seconds) =>
    seconds < 60
      ? new Intl.NumberFormat(tag, { style: "unit", unit: "second", unitDisplay: "short" }).format(Math.round(seconds))
      : duration(seconds, tag);
}

/** A whole number in the reader's language. */
export function useNumber(): (value: number) => string {
  const { tag } = useLocale();
  return (value) => new Intl.NumberFormat(tag).format(value);
}

/** The capabilities of an account as the API names them; unknown shapes give none. */
export function capabilitiesOf(account: Account): string[] {
  const value = account.capabilities;
  if (Array.isArray(value)) return value.filter((entry): entry is string => typeof entry === "string");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, allowed]) => allowed === true)
      .map(([name]) => name);
  }
  return [];
}
