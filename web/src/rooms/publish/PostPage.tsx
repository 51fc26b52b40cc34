import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { usePost } from "../../api/hooks";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { Loaded } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { PostEditor } from "./PostEditor";
import "./publish.css";

/** Stands in the address for a post that nobody has begun. */
export const NEW = "new";

/** One post: written here, or looked at. */
export function PostPage() {
  const m = useMessages();
  const { id = NEW } = useParams({ strict: false }) as { id?: string };
  const navigate = useNavigate();
  // The post that was begun on this page goes on in the fields where it was begun.
  const [made, setMade] = useState<string | null>(null);
  // Whoever looks at another one meanwhile, and comes back, finds it as it is kept.
  if (made !== null && id !== NEW && id !== made) setMade(null);
  const begun = id === NEW || id === made;
  useTitle(id === NEW ? m.publish.newPost : m.publish.post);
  const query = usePost(begun ? null : id);
  const onMade = (post: string) => {
    setMade(post);
    void navigate({ to: "/publish/$id", params: { id: post }, replace: true });
  };
  return (
    <div className="page publish">
      <header className="publish-top">
        <div>
          <p>
            <Link to="/publish">
              <Icon name="back" /> {m.publish.back}
            </Link>
          </p>
          <h1>{id === NEW ? m.publish.newPost : m.publish.post}</h1>
        </div>
      </header>
      {begun ? (
        <PostEditor initial={null} onMade={onMade} />
      ) : (
        <Loaded query={query} shape="card" rows={3}>
          {(post) => (
            <>
              {post.revises && (
                <p>
                  <Link to="/publish/$id" params={{ id: post.revises }}>
                    {m.publish.versions.ofPost}
                  </Link>
                </p>
              )}
              <PostEditor key={post.id} initial={post} onMade={onMade} />
            </>
          )}
        </Loaded>
      )}
    </div>
  );
}
