import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { newKey, Problem } from "../../api/client";
import { keys, usePost } from "../../api/hooks";
import { door, publish } from "../../api/operations";
import type { Draft, DraftState } from "../../api/types";
import { asked, type Content, contentOf, EMPTY, reworded, same } from "./content";

const SAVE_MS = 1000;
const OPEN: readonly DraftState[] = ["writing", "blocked", "needs_ack", "ready", "awaiting_approval", "approved"];

export interface Composer {
  content: Content;
  change: (part: (now: Content) => Partial<Content>) => void;
  draft: Draft | null;
  /** Whether it can still be worked on. */
  open: boolean;
  /** Whether what is on the screen is what the server has. */
  clean: boolean;
  busy: boolean;
  problem: unknown;
  /** What the server says of one field. */
  field: (name: string) => string | undefined;
  /** Saves and then does something with the saved post; the post that comes back stands from then on. */
  act: (run: (draft: Draft) => Promise<Draft | null>) => Promise<Draft | null>;
  send: (at: string | null) => Promise<boolean>;
}

/**
 * A post while it is written: kept on the server a moment after each change, judged there, and sent through the door.
 * `titled` says of an account whether its network shows titles, and whether it wants one before it keeps anything.
 */
export function useComposer(
  initial: Draft | null,
  titled: (account: string) => { shown: boolean; needed: boolean },
  onMade: (id: string) => void,
): Composer {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(initial);
  const [content, setContent] = useState<Content>(() => (initial ? contentOf(initial) : EMPTY));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const latest = useRef({ draft, content, titled, onMade });
  latest.current = { draft, content, titled, onMade };
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const sendKey = useRef<{ of: string; key: string } | null>(null);

  const keep = useCallback((next: Draft) => {
    latest.current.draft = next;
    setDraft(next);
  }, []);

  // Somebody else approved it, or it arrived: what the server knows by now, unless something is being typed.
  const known = usePost(draft?.id ?? null).data;
  useEffect(() => {
    const { draft: now, content: typed } = latest.current;
    if (!known || !now || known.id !== now.id || known.version < now.version) return;
    if (same(typed, contentOf(now))) setContent(contentOf(known));
    keep(known);
  }, [known, keep]);

  const savable = (of: Content) =>
    of.account !== "" &&
    (of.text.trim() !== "" || of.media.length > 0) &&
    (!latest.current.titled(of.account).needed || of.title.trim() !== "");

  const save = useCallback(async (): Promise<Draft | null> => {
    const { draft: now, content: value, titled: titles } = latest.current;
    if (now && same(value, contentOf(now))) return now;
    const wanted = asked(value, titles(value.account).shown);
    const saved = now
      ? await publish.change(now, now.revises ? reworded(value) : wanted)
      : await publish.create(value.account, wanted);
    keep(saved);
    if (!now) latest.current.onMade(saved.id);
    return saved;
  }, [keep]);

  /** One change after the other, so that each is made on the version that the one before gave. */
  const inTurn = useCallback(
    <T>(run: () => Promise<T>): Promise<T> => {
      const next = queue.current.then(run, run);
      queue.current = next.catch((cause: unknown) => {
        setProblem(cause);
        if (cause instanceof Problem) void client.invalidateQueries({ queryKey: keys.posts });
      });
      return next;
    },
    [client],
  );

  const open = draft === null || OPEN.includes(draft.state);
  const clean = draft !== null && same(content, contentOf(draft));
  const ready = savable(content);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of what is said begins the wait anew.
  useEffect(() => {
    if (!open || clean || !ready) return;
    const timer = window.setTimeout(() => void inTurn(save).catch(() => undefined), SAVE_MS);
    return () => window.clearTimeout(timer);
  }, [content, open, clean, ready, inTurn, save]);

  const act: Composer["act"] = async (run) => {
    setBusy(true);
    setProblem(null);
    try {
      return await inTurn(async () => {
        const saved = await save();
        const next = saved && (await run(saved));
        if (next) keep(next);
        void client.invalidateQueries({ queryKey: keys.posts });
        return next;
      });
    } catch {
      return null;
    } finally {
      setBusy(false);
    }
  };

  const send: Composer["send"] = async (at) => {
    const sent = await act(async (saved) => {
      const of = `${saved.id} ${saved.text_hash} ${at ?? ""}`;
      if (sendKey.current?.of !== of) sendKey.current = { of, key: newKey() };
      await door.send(saved.id, saved.text_hash, sendKey.current.key, at);
      return publish.post(saved.id);
    });
    return sent !== null;
  };

  const change: Composer["change"] = (part) => {
    setProblem(null);
    setContent((now) => ({ ...now, ...part(now) }));
  };
  const field = (name: string) => (problem instanceof Problem ? problem.field(name) : undefined);
  return { content, change, draft, open, clean, busy, problem, field, act, send };
}
