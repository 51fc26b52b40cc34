import { useQuery } from "@tanstack/react-query";
import { door } from "../../api/operations";
import { useMessages } from "../../i18n";
import { ProblemNote } from "../../ui/Feedback";

/** Texts that fit this message and pass the check, with contacts and numbers filled in. */
export function Prepared({ conversation, onUse }: { conversation: string; onUse: (text: string) => void }) {
  const m = useMessages();
  const query = useQuery({
    queryKey: ["prepared", conversation],
    queryFn: () => door.prepared(conversation),
    staleTime: 300_000,
  });
  const items = query.data?.items ?? [];
  return (
    <details className="prepared">
      <summary>{m.door.prepared}</summary>
      <ProblemNote problem={query.error} onRetry={() => void query.refetch()} />
      {query.data && items.length === 0 && <p className="muted">{m.door.noPrepared}</p>}
      <ul className="plain">
        {items.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              className="prepared-text"
              onClick={(event) => {
                event.currentTarget.closest("details")?.removeAttribute("open");
                onUse(item.text);
              }}
            >
              <strong>{item.title}</strong>
              <span lang={item.language}>{item.text}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
