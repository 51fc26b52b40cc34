import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { keys, useChange, useMay, useNetworks, useVersions } from "../../api/hooks";
import { publish } from "../../api/operations";
import type { Draft } from "../../api/types";
import { useMessages } from "../../i18n";
import { ProblemNote } from "../../ui/Feedback";
import { TextArea } from "../../ui/Field";
import { Time } from "../../ui/Time";
import { standing } from "./content";

/** What a post that was sent says and said, and the way to give it other words. */
export function Versions({ post }: { post: Draft }) {
  const m = useMessages();
  const words = m.publish.versions;
  const may = useMay();
  const items = useVersions(post.id).data?.items ?? [];
  const network = useNetworks().data?.items.find(({ name }) => name === post.destination.network);
  const newest = items.filter(({ state }) => state === "sent").at(-1) ?? post;
  const open = items.some(({ revises, state }) => revises && state !== "sent");
  const stands = post.outbox?.kind === "post" && post.outbox.state === "delivered";
  const changeable = network?.capabilities.includes("edit_own") ?? false;
  return (
    <section className="post-versions" aria-labelledby="versions">
      <h2 id="versions">{words.title}</h2>
      {items.length > 1 && (
        <ol>
          {items.map((version) => (
            <li key={version.id}>
              <p className="message-text">{version.text}</p>
              <p className="muted facts">
                <span>{version.id === newest.id ? words.newest : m.publish.states[version.state]}</span>
                <span>{m.publish.writtenBy(version.written_by.name)}</span>
                <Time at={version.updated_at} />
                {version.revises && version.state !== "sent" && (
                  <Link to="/publish/$id" params={{ id: version.id }}>
                    {words.goOn}
                  </Link>
                )}
              </p>
            </li>
          ))}
        </ol>
      )}
      {stands && !open && changeable && may("draft_post") && (
        <Reword key={newest.id} post={post.id} text={standing(newest)} />
      )}
      {stands && !changeable && network && <p className="muted">{words.cannot}</p>}
    </section>
  );
}

function Reword({ post, text }: { post: string; text: string }) {
  const m = useMessages();
  const words = m.publish.versions;
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(text);
  const revise = useChange((say: string) => publish.revise(post, say), [keys.posts]);
  return (
    <details>
      <summary>{words.change}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // The list of versions comes anew with the answer and takes this form away: what is to happen then hangs on
          // the promise, not on the form. A refusal is shown by the form, which stays.
          revise.mutateAsync(wanted).then(
            (made) => navigate({ to: "/publish/$id", params: { id: made.id } }),
            () => undefined,
          );
        }}
      >
        <TextArea
          label={words.text}
          help={words.textHelp}
          required
          rows={6}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <div className="buttons">
          <button type="submit" disabled={revise.isPending || wanted.trim() === "" || wanted === text}>
            {words.judge}
          </button>
        </div>
        <ProblemNote problem={revise.error} />
      </form>
    </details>
  );
}
