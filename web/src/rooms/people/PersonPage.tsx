import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { answer } from "../../api/operations";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Loaded } from "../../ui/Feedback";
import { Time } from "../../ui/Time";
import { QueueRow } from "../answer/QueueRow";

/** What one account wrote to us in public. Nothing here says that anybody is a patient. */
export function PersonPage() {
  const m = useMessages();
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const query = useQuery({ queryKey: ["person", id], queryFn: () => answer.person(id) });
  useTitle(m.answer.personTitle);
  return (
    <div className="page">
      <Loaded query={query}>
        {(person) => (
          <>
            <h1>{person.display_name}</h1>
            <p className="muted facts">
              <span>{m.answer.networks[person.network] ?? person.network}</span>
              {person.handle && <span>{person.handle}</span>}
              <span>
                {m.answer.firstSeen} <Time at={person.first_seen_at} />
              </span>
              <span>
                {m.answer.lastSeen} <Time at={person.last_seen_at} />
              </span>
              {person.notes_count > 0 && <span>{m.answer.notesCount(person.notes_count)}</span>}
            </p>
            <p>{m.answer.personLead}</p>
            <ul className="rows is-framed">
              {person.conversations.map((item) => (
                <QueueRow key={item.id} item={item} open={false} active={false} search={{}} />
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </div>
  );
}
