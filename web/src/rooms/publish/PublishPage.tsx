import { Link } from "@tanstack/react-router";
import { useMay, usePosts } from "../../api/hooks";
import type { Draft } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Empty, Loaded } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import { NEW } from "./PostPage";
import "./publish.css";

/** What was written to be published, newest first. */
export function PublishPage() {
  const m = useMessages();
  useTitle(m.publish.title);
  const posts = usePosts();
  const may = useMay();
  const write = (
    <Link to="/publish/$id" params={{ id: NEW }} className="button primary">
      <Icon name="plus" />
      {m.publish.write}
    </Link>
  );
  return (
    <div className="page publish">
      <header className="publish-top">
        <div>
          <h1>{m.publish.title}</h1>
          <p className="muted">{m.publish.lead}</p>
        </div>
        {may("draft_post") && write}
      </header>
      <Loaded query={posts} shape="card" rows={3}>
        {({ items }) => {
          const shown = items.filter(({ state }) => state !== "discarded");
          return shown.length === 0 ? (
            <Empty text={m.publish.none} />
          ) : (
            <ul className="plain posts">
              {shown.map((post) => (
                <PostRow key={post.id} post={post} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </div>
  );
}

function PostRow({ post }: { post: Draft }) {
  const m = useMessages();
  const { network, place } = post.destination;
  const files = post.media.length;
  return (
    <li className="card post-row">
      <Link to="/publish/$id" params={{ id: post.id }}>
        {post.title || post.text.split("\n")[0] || m.publish.post}
      </Link>
      <p className="muted facts">
        <span>{post.outbox?.state === "stopped" ? m.door.delivery.stopped : m.publish.states[post.state]}</span>
        <span>{m.publish.on(place, m.answer.networks[network] ?? network)}</span>
        {files > 0 && <span>{m.publish.withFiles(files)}</span>}
        <span>{m.publish.writtenBy(post.written_by.name)}</span>
        <Time at={post.updated_at} />
      </p>
    </li>
  );
}
