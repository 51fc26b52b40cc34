import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { newKey, Problem } from "../../api/client";
import { keys } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Conversation, Draft, DraftState, Verdict } from "../../api/types";
import { unsent } from "../../lib/storage";

const OPEN: readonly DraftState[] = ["writing", "blocked", "needs_ack", "ready", "awaiting_approval", "approved"];
const CHECK_MS = 250;
const SAVE_MS = 1000;

const isOpen = (draft: Draft) => draft.kind === "reply" && OPEN.includes(draft.state);

/** The drafts that answer a message; all of them where none was chosen. */
export function draftsTo(drafts: readonly Draft[], message: string | null): Draft[] {
  return drafts.filter((draft) => message === null || draft.in_reply_to === message);
}

/**
 * The draft to go on with: what the last change here answered, unless the conversation knows it in a later version, as
 * when somebody else sent it meanwhile; else the open draft of the conversation.
 */
export function newestDraft(drafts: readonly Draft[], local: Draft | null): Draft | null {
  const known = local && drafts.find((draft) => draft.id === local.id);
  if (local && (!known || local.version >= known.version)) return OPEN.includes(local.state) ? local : null;
  return drafts.find(isOpen) ?? null;
}

function useDebounced(text: string, delay: number): string {
  const [late, setLate] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(text), delay);
    return () => window.clearTimeout(timer);
  }, [text, delay]);
  return late;
}

export interface Reply {
  text: string;
  setText: (text: string) => void;
  draft: Draft | null;
  /** Whether what is on the screen is what the server has. */
  clean: boolean;
  verdict: Verdict | null;
  checking: boolean;
  checkFailed: boolean;
  busy: boolean;
  problem: unknown;
  /** Saves and then does something with the saved draft; the draft that comes back stands from then on. */
  act: (run: (draft: Draft) => Promise<Draft | null>) => Promise<Draft | null>;
  send: () => Promise<boolean>;
}

/**
 * The reply to one conversation: typed here, checked as it is typed, kept as a draft, sent through the door. A draft
 * stays with the message that it answers: whoever chooses another one (`to`) goes on with another draft.
 */
export function useReply(conversation: Conversation, mayWrite: boolean, to: string | null): Reply {
  const client = useQueryClient();
  const { id } = conversation;
  const place = to ? `${id}.${to}` : id;
  const [local, setLocal] = useState<Draft | null>(null);
  const [typed, setTyped] = useState<string | null>(() => unsent.read(place));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const draft = newestDraft(draftsTo(conversation.drafts, to), local);
  const text = typed ?? draft?.text ?? "";
  // A draft that the conversation once listed and no longer does was discarded by somebody.
  const listed = useRef<string | null>(null);
  useEffect(() => {
    if (!local) return;
    if (conversation.drafts.some((other) => other.id === local.id)) listed.current = local.id;
    else if (listed.current === local.id) setLocal(null);
  }, [conversation.drafts, local]);
  const latest = useRef({ draft, text });
  latest.current = { draft, text };
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const sendKey = useRef<{ of: string; key: string } | null>(null);

  const setText = (next: string) => {
    setTyped(next);
    setProblem(null);
    unsent.keep(place, next);
  };

  const keep = useCallback((next: Draft) => {
    latest.current.draft = newestDraft([], next);
    setLocal(next);
  }, []);

  const save = useCallback(async (): Promise<Draft | null> => {
    const { draft: now, text: value } = latest.current;
    if (value.trim() === "") return null;
    let saved = now;
    if (!now) saved = await door.create(id, value, to);
    else if (now.text !== value) saved = await door.change(now, value);
    if (!saved) return null;
    keep(saved);
    if (latest.current.text === value) {
      unsent.forget(place);
      setTyped((current) => (current === value ? null : current));
    }
    return saved;
  }, [id, keep, place, to]);

  /** One change after the other, so that each is made on the version that the one before gave. */
  const inTurn = useCallback(
    <T>(run: () => Promise<T>): Promise<T> => {
      const next = queue.current.then(run, run);
      queue.current = next.catch((cause: unknown) => {
        setProblem(cause);
        if (cause instanceof Problem && (cause.status === 412 || cause.status === 409)) setLocal(null);
        if (cause instanceof Problem) void client.invalidateQueries({ queryKey: keys.conversation(id) });
      });
      return next;
    },
    [client, id],
  );

  useEffect(() => {
    if (!mayWrite || typed === null || typed.trim() === "" || typed === draft?.text) return;
    const timer = window.setTimeout(() => void inTurn(save).catch(() => undefined), SAVE_MS);
    return () => window.clearTimeout(timer);
  }, [typed, draft?.text, mayWrite, inTurn, save]);

  const late = useDebounced(text, CHECK_MS);
  const check = useQuery({
    queryKey: ["check", id, to, late],
    queryFn: ({ signal }) => door.check({ conversation_id: id, in_reply_to: to ?? undefined, text: late }, signal),
    enabled: late.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

  const act: Reply["act"] = async (run) => {
    setBusy(true);
    setProblem(null);
    try {
      return await inTurn(async () => {
        const saved = await save();
        const next = saved && (await run(saved));
        if (next) keep(next);
        void client.invalidateQueries({ queryKey: keys.conversation(id) });
        return next;
      });
    } catch {
      return null;
    } finally {
      setBusy(false);
    }
  };

  const send = async () => {
    let sent = false;
    await act(async (saved) => {
      const of = `${saved.id} ${saved.text_hash}`;
      if (sendKey.current?.of !== of) sendKey.current = { of, key: newKey() };
      await door.send(saved.id, saved.text_hash, sendKey.current.key);
      sent = true;
      unsent.forget(place);
      setTyped(null);
      void client.invalidateQueries({ queryKey: keys.queue });
      void client.invalidateQueries({ queryKey: keys.counts });
      return { ...saved, state: "queued", version: saved.version + 1 };
    });
    return sent;
  };

  const blank = text.trim() === "";
  return {
    text,
    setText,
    draft,
    clean: typed === null || typed === draft?.text,
    verdict: blank ? null : (check.data ?? null),
    checking: !blank && (late !== text || check.isFetching),
    checkFailed: !blank && check.isError,
    busy,
    problem,
    act,
    send,
  };
}
