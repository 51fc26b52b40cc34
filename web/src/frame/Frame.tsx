import { type ErrorComponentProps, Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useCounts, useMay, useMe } from "../api/hooks";
import { useLocale, useMessages } from "../i18n";
import { preferences } from "../lib/storage";
import { openStream, useLiveState } from "../live/stream";
import { isTyping } from "../ui/announce";
import { ProblemNote } from "../ui/Feedback";
import { Icon } from "../ui/Icon";
import { AlertBanner } from "./AlertBanner";
import { MenuDialog } from "./MenuDialog";
import { ShortcutSheet } from "./ShortcutSheet";

/** What stands around every page: rooms, search, what is due, and whoever needs somebody now. */
export function Frame() {
  const m = useMessages();
  const me = useMe();
  const { setOrganisation } = useLocale();
  const [sheet, setSheet] = useState(false);
  const [menu, setMenu] = useState(false);
  const search = useRef<HTMLInputElement>(null);

  useEffect(() => openStream(), []);
  useEffect(() => {
    if (me.data) setOrganisation(me.data.organisation.language, me.data.organisation.zone);
  }, [me.data, setOrganisation]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!preferences.letters() || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector("[role=dialog]")) return;
      if (event.key === "/") {
        event.preventDefault();
        search.current?.focus();
        search.current?.select();
      } else if (event.key === "?") {
        event.preventDefault();
        setSheet(true);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="frame">
      <a className="skip" href="#content">
        {m.common.skip}
      </a>
      <Rooms />
      <div className="frame-main">
        <header className="topbar">
          <span className="organisation">{me.data?.organisation.name ?? m.common.product}</span>
          <SearchBox field={search} />
          <Pulse />
          <button
            type="button"
            className="quiet icon-only wide-only"
            onClick={() => setSheet(true)}
            aria-label={m.common.shortcuts}
          >
            <Icon name="keyboard" />
          </button>
          <button type="button" className="quiet avatar" onClick={() => setMenu(true)} aria-label={m.common.menu}>
            {initials(me.data?.user.name ?? "")}
          </button>
        </header>
        <AlertBanner />
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <div id="announcer" className="visually-hidden" role="status" aria-live="polite" />
      {sheet && <ShortcutSheet onClose={() => setSheet(false)} />}
      {menu && <MenuDialog onClose={() => setMenu(false)} onSheet={() => setSheet(true)} />}
    </div>
  );
}

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

function Rooms() {
  const m = useMessages();
  const may = useMay();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const trusting = path.startsWith("/trust");
  const understanding = path.startsWith("/understand");
  const readings = [
    { to: "/understand", name: m.understand.agreement },
    { to: "/understand/corrections", name: m.understand.corrections },
    { to: "/understand/claims", name: m.understand.claims },
    { to: "/understand/rules", name: m.understand.rules },
    { to: "/understand/try", name: m.understand.tryTitle },
  ] as const;
  const pages = [
    { to: "/trust/team", name: m.trust.team, shown: true },
    { to: "/trust/log", name: m.trust.log, shown: may("read_audit") },
    { to: "/trust/rules", name: m.trust.rules, shown: true },
    { to: "/trust/settings", name: m.trust.settings, shown: may("read_settings") },
  ] as const;
  return (
    <nav className="rooms" aria-label={m.common.nav}>
      <span className="brand">{m.common.product}</span>
      <Link to="/listen" className="room">
        <Icon name="listen" />
        {m.common.rooms.listen}
      </Link>
      <Link to="/understand" className={understanding ? "room active" : "room"}>
        <Icon name="understand" />
        {m.common.rooms.understand}
      </Link>
      {understanding && (
        <ul className="sub-rooms" aria-label={m.understand.nav}>
          {readings.map(({ to, name }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: true }}>
                {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Link to="/inbox" className="room">
        <Icon name="answer" />
        {m.common.rooms.answer}
      </Link>
      <Link to="/publish" className="room">
        <Icon name="publish" />
        {m.common.rooms.publish}
      </Link>
      <Link
        to={may("manage_users") ? "/trust/team" : "/trust/rules"}
        className={trusting ? "room apart active" : "room apart"}
      >
        <Icon name="trust" />
        {m.common.rooms.trust}
      </Link>
      {trusting && (
        <ul className="sub-rooms" aria-label={m.common.trustNav}>
          {pages
            .filter(({ shown }) => shown)
            .map(({ to, name }) => (
              <li key={to}>
                <Link to={to}>{name}</Link>
              </li>
            ))}
        </ul>
      )}
    </nav>
  );
}

function SearchBox({ field }: { field: React.RefObject<HTMLInputElement | null> }) {
  const m = useMessages();
  const navigate = useNavigate();
  const current = useRouterState({ select: (state) => (state.location.search as { q?: string }).q ?? "" });
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  const go = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: "/inbox", search: { q: text.trim() || undefined } });
  };
  return (
    <form className="search" onSubmit={go}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        value={text}
        aria-label={m.common.search}
        placeholder={m.common.searchHint}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
    </form>
  );
}

function Pulse() {
  const m = useMessages();
  const counts = useCounts();
  const live = useLiveState();
  const due = counts.data?.due ?? 0;
  return (
    <p className="pulse">
      {due > 0 && <span className="due-count">{m.common.dueCount(due)}</span>}
      <span className={`live is-${live}`}>
        <span className="dot" aria-hidden="true" />
        <span className="live-text">{m.common.live[live]}</span>
      </span>
    </p>
  );
}

/** What stands where a page could not be made at all. */
export function Crashed({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <ProblemNote problem={error} onRetry={reset} />
    </div>
  );
}
