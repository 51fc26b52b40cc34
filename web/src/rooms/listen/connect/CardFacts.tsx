import type { Account } from "../../../api/types";
import { useMessages } from "../../../i18n";
import { CopyButton } from "../../../ui/Copy";
import { Time, useNow } from "../../../ui/Time";
import { capabilitiesOf, State } from "../parts";
import { endingOf } from "./ending";

/** Until when an account must be authorised again, as a line of its facts; a warning once that is near. */
export function EndingFact({ account }: { account: Account }) {
  const words = useMessages().connect.card;
  const now = useNow();
  const ending = endingOf(account.reauthorise_by, now);
  if (!ending || !account.reauthorise_by) return null;
  const left = ending.tone === "bad" ? words.over : ending.days === 0 ? words.today : words.left(ending.days);
  return (
    <>
      <dt>{words.renewBy}</dt>
      <dd className="row-actions">
        <Time at={account.reauthorise_by} as="clock" />
        <State tone={ending.tone} text={left} />
      </dd>
    </>
  );
}

/** Why the credentials could not be renewed. */
export function RenewalError({ account }: { account: Account }) {
  const words = useMessages().connect.card;
  if (!account.renewal_error) return null;
  return (
    <p className="row-actions">
      <State tone="bad" text={words.renewal} /> <span className="small">{account.renewal_error}</span>
    </p>
  );
}

/** Whether its network can tell of what is new. */
export const isTold = (account: Account) =>
  account.webhook_path !== null && capabilitiesOf(account).includes("webhooks");

/**
 * That the last notification was not the network's; or, while none came that was, why it is asked regularly instead.
 * Nothing is lost by that: asking is the truth, and being told is only sooner.
 */
export function TellsWrong({ account }: { account: Account }) {
  const words = useMessages().connect.card;
  if (!isTold(account)) return null;
  return (
    <>
      {account.webhook_ok === false && <State tone="bad" text={words.tellsWrong} />}
      {account.webhook_error && account.webhook_ok !== true && (
        <p className="row-actions">
          <State tone="neutral" text={words.promiseFailed} /> <span className="small">{account.webhook_error}</span>
        </p>
      )}
    </>
  );
}

/** Where the network tells of what is new, and whether it did. */
export function TellsAddress({ account }: { account: Account }) {
  const words = useMessages().connect.card;
  if (!isTold(account)) return null;
  const address = `${window.location.origin}${account.webhook_path}`;
  return (
    <div className="stack tight">
      <p className="small">
        {words.tells}. {words.tellsHelp}
      </p>
      <div className="row-actions">
        <code className="breakable small">{address}</code>
        <CopyButton text={address} what={words.tells} />
      </div>
      <p className="small">
        {account.webhook_seen_at ? (
          <>
            {words.tellsLast} <Time at={account.webhook_seen_at} />
          </>
        ) : (
          words.tellsNever
        )}
      </p>
      <Promised account={account} />
    </div>
  );
}

/** Since when and until when the network has promised to tell. */
function Promised({ account }: { account: Account }) {
  const words = useMessages().connect.card;
  return (
    <>
      {account.webhook_since && (
        <p className="small">
          {words.promisedSince} <Time at={account.webhook_since} />
          {account.webhook_until && (
            <>
              {", "}
              {words.promisedUntil} <Time at={account.webhook_until} as="clock" />
            </>
          )}
        </p>
      )}
      {account.webhook_asked_at && !account.webhook_since && <p className="small">{words.promiseAsked}</p>}
    </>
  );
}
