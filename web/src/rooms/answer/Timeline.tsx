import type { Conversation } from "../../api/types";
import { useMessages } from "../../i18n";
import { Time } from "../../ui/Time";

/** Who did what here, and when. */
export function Timeline({ conversation }: { conversation: Conversation }) {
  const m = useMessages();
  return (
    <details className="timeline">
      <summary>{m.answer.timeline}</summary>
      <ol className="plain">
        {conversation.timeline.map((entry) => (
          <li key={entry.id}>
            <Time at={entry.at} as="clock" />
            <span>
              {entry.actor.name ?? m.answer.system}:{" "}
              {m.answer.timelineKinds[entry.kind] ?? entry.kind.replaceAll("_", " ")}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
