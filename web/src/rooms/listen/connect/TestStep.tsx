import type { UseMutationResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Account, SelfTest } from "../../../api/types";
import { useMessages } from "../../../i18n";
import { ProblemNote, Skeleton } from "../../../ui/Feedback";
import { Icon } from "../../../ui/Icon";
import { TestResult } from "../parts";

/** The last step: what the test of the new account found, and what to do where it did not pass. */
export function TestStep({
  test,
  account,
  onCorrect,
}: {
  test: UseMutationResult<SelfTest, Error, string>;
  account: Account;
  /** Where what was typed in can be corrected; absent where nothing was. */
  onCorrect?: () => void;
}) {
  const words = useMessages().listen;
  return (
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
        {!test.data?.ok && (
          <>
            {onCorrect && (
              <button type="button" disabled={test.isPending} onClick={onCorrect}>
                {words.correct}
              </button>
            )}
            <button type="button" disabled={test.isPending} onClick={() => test.mutate(account.id)}>
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
  );
}
