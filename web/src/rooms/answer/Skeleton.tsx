import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { door } from "../../api/operations";
import { useMessages } from "../../i18n";
import { ProblemNote } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";

/** A text that discloses nothing, with the organisation's own contact in it, where something was stopped. */
export function Skeleton({ conversation, onUse }: { conversation: string; onUse: (text: string) => void }) {
  const m = useMessages();
  const query = useQuery({
    queryKey: ["skeleton", conversation],
    queryFn: () => door.skeleton(conversation),
    staleTime: 300_000,
  });
  const skeleton = query.data;
  if (query.error) return <ProblemNote problem={query.error} onRetry={() => void query.refetch()} />;
  if (!skeleton) return null;
  const { text } = skeleton;
  return (
    <section className="safe-skeleton" aria-labelledby="skeleton">
      <h3 id="skeleton">{m.door.skeleton}</h3>
      {text === null ? (
        <p className="muted">{m.door.noSkeleton}</p>
      ) : (
        <>
          <blockquote className="final-text" lang={skeleton.language}>
            {text}
          </blockquote>
          {skeleton.contacts.length > 0 && (
            <p className="muted">{m.door.skeletonContact(skeleton.contacts.join(", "))}</p>
          )}
        </>
      )}
      {skeleton.needs_contact && (
        <p className="muted">
          {m.door.skeletonNoContact} <Link to="/listen">{m.common.rooms.listen}</Link>
        </p>
      )}
      {text !== null && (
        <button type="button" onClick={() => onUse(text)}>
          <Icon name="shield" />
          {m.door.useSkeleton}
        </button>
      )}
    </section>
  );
}
