import { Link } from "@tanstack/react-router";
import { useMessages } from "../i18n";

export function NotFound() {
  const m = useMessages();
  return (
    <div className="page">
      <h1>{m.common.notFound}</h1>
      <p>{m.common.notFoundWhy}</p>
      <p>
        <Link to="/inbox" className="button primary">
          {m.common.toInbox}
        </Link>
      </p>
    </div>
  );
}
