import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { keys, useChange, useCounts, useMay, useMe } from "../../api/hooks";
import { answer } from "../../api/operations";
import type { QueueItem } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { mergeQueue, neighbour } from "../../lib/queue";
import { preferences } from "../../lib/storage";
import { isTyping } from "../../ui/announce";
import { ConversationView, type OpenDialog } from "./ConversationView";
import { Queue } from "./Queue";
import { queryOf, type View } from "./views";

/** What is on the screen keeps its place; what arrives waits behind the pill. */
function useQueue(view: View, q: string | undefined, open: string | null) {
  const query = useInfiniteQuery({
    queryKey: [...keys.queue, view, q ?? ""],
    queryFn: ({ pageParam, signal }) => answer.queue({ ...queryOf(view, q), cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: 60_000,
  });
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const list = `${view} ${q ?? ""}`;
  const [kept, setKept] = useState<{ list: string; shown: QueueItem[] }>({ list, shown: [] });
  const shownNow = kept.list === list ? kept.shown : [];
  const merged = mergeQueue(shownNow, fresh, open);
  useEffect(() => {
    if (query.data === undefined) return;
    setKept((now) => ({ list, shown: mergeQueue(now.list === list ? now.shown : [], fresh, open).shown }));
  }, [list, fresh, open, query.data]);
  const show = (shown: QueueItem[]) => setKept({ list, shown });
  return {
    query,
    ...merged,
    release: () => show(fresh),
    more: () => query.fetchNextPage().then(({ data }) => data && show(data.pages.flatMap((page) => page.items))),
  };
}

/** Three panes: who waits, what they said, what we answer. On narrow screens one at a time. */
export function InboxPage() {
  const m = useMessages();
  const navigate = useNavigate();
  const { view = "open", q } = useSearch({ from: "/frame/inbox" });
  const { id: open = null } = useParams({ strict: false }) as { id?: string };
  const me = useMe();
  const may = useMay();
  const counts = useCounts();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const queue = useQueue(view, q, open);
  const [chosen, setChosen] = useState<string | null>(open);
  const assign = useChange(
    ({ id, user }: { id: string; user: string | null }) => answer.assign(id, user),
    [keys.queue, keys.counts, ["conversation"]],
  );
  useTitle(m.answer.title, counts.data?.due);

  const go = (id: string | null) => {
    const search = { view: view === "open" ? undefined : view, q };
    if (id) void navigate({ to: "/inbox/$id", params: { id }, search });
    else void navigate({ to: "/inbox", search });
  };
  useEffect(() => {
    setChosen(open);
    setDialog(null);
  }, [open]);

  const ids = queue.shown.map((item) => item.id);
  const active = chosen ?? open;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && event.target instanceof HTMLElement && isTyping(event.target)) {
        event.target.blur();
        return;
      }
      if (!preferences.letters() || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector("[role=dialog]")) return;
      const act = (run: () => void) => {
        event.preventDefault();
        run();
      };
      const move = (step: 1 | -1) => {
        const next = neighbour(ids, active, step);
        setChosen(next);
        const row = next && document.getElementById(`row-${next}`);
        if (row) row.focus();
        if (open && next) go(next);
      };
      const focus = (place: string) => document.getElementById(place)?.focus();
      switch (event.key) {
        case "j":
          return act(() => move(1));
        case "k":
          return act(() => move(-1));
        case "Enter":
          // What opens by itself on Enter keeps it.
          return !(event.target instanceof Element && event.target.closest("button, a, summary")) && active
            ? act(() => go(active))
            : undefined;
        case "Escape":
          return open ? act(() => go(null)) : undefined;
        case "e":
          return active && me.data && may("assign")
            ? act(() => assign.mutate({ id: active, user: me.data?.user.id ?? null }))
            : undefined;
        case "r":
          return open ? act(() => focus("reply")) : undefined;
        case "n":
          return open ? act(() => focus("note")) : undefined;
        case "l":
          return open ? act(() => document.querySelector<HTMLElement>(".messages .chip")?.focus()) : undefined;
        case "w":
          return open ? act(() => void navigate({ to: "/why/$id", params: { id: open } })) : undefined;
        case "s":
          return open && may("snooze") ? act(() => setDialog("snooze")) : undefined;
        case "x":
          return open && may("resolve") ? act(() => setDialog("resolve")) : undefined;
        case "h":
          return open && may("hand_over") ? act(() => setDialog("handOver")) : undefined;
        default:
          return undefined;
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  return (
    <div className={open ? "inbox has-open" : "inbox"}>
      <Queue
        view={view}
        q={q}
        shown={queue.shown}
        arrived={queue.arrived}
        release={queue.release}
        open={open}
        active={active}
        loading={queue.query.data === undefined}
        problem={queue.query.data === undefined ? queue.query.error : null}
        retry={() => void queue.query.refetch()}
        more={queue.query.hasNextPage ? () => void queue.more() : null}
        moreBusy={queue.query.isFetchingNextPage}
      />
      {open ? (
        <ConversationView key={open} id={open} dialog={dialog} setDialog={setDialog} onBack={() => go(null)} />
      ) : (
        <div className="pick-one">
          <p>{m.answer.pick}</p>
        </div>
      )}
    </div>
  );
}
