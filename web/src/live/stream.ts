import { useSyncExternalStore } from "react";
import { keys, queryClient } from "../api/hooks";
import type { Presence } from "../api/operations";

export type LiveState = "live" | "connecting" | "off";

let state: LiveState = "off";
const listeners = new Set<() => void>();
const presence = new Map<string, Presence[]>();
const alertListeners = new Set<(alert: { id: string; class: string; conversation_id: string | null }) => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function set(next: LiveState): void {
  if (state === next) return;
  state = next;
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const stale = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey });

interface Event {
  id?: string;
  class?: string;
  state?: string;
  conversation_id?: string | null;
  others?: Presence[];
}

/** What each event makes stale. Events carry ids only; the pages ask for what they show. */
const HANDLERS: Record<string, (event: Event) => void> = {
  conversation: ({ id }) => {
    stale(keys.queue);
    stale(keys.counts);
    if (id) stale(keys.conversation(id));
  },
  draft: ({ conversation_id }) => stale(conversation_id ? keys.conversation(conversation_id) : keys.posts),
  outbox: ({ conversation_id }) => {
    stale(conversation_id ? keys.conversation(conversation_id) : keys.posts);
    stale(keys.health);
  },
  alert: (event) => {
    stale(keys.alerts);
    stale(keys.health);
    const { id, state: alertState, conversation_id } = event;
    if (id && (alertState === "raised" || alertState === "escalated")) {
      const alert = { id, class: event.class ?? "", conversation_id: conversation_id ?? null };
      for (const listener of alertListeners) listener(alert);
    }
  },
  source: () => stale(keys.listen),
  import: () => stale(keys.listen),
  presence: ({ conversation_id, others }) => {
    if (!conversation_id) return;
    presence.set(conversation_id, others ?? []);
    tell();
  },
  audit: () => stale(keys.audit),
  resync: () => void queryClient.invalidateQueries(),
};

/** Opens the stream; the browser reconnects by itself. Gives back how to close it. */
export function openStream(): () => void {
  set("connecting");
  const source = new EventSource("/api/v1/stream");
  source.onopen = () => set("live");
  source.onerror = () => set(source.readyState === EventSource.CLOSED ? "off" : "connecting");
  for (const [name, handle] of Object.entries(HANDLERS)) {
    source.addEventListener(name, (message) => {
      try {
        handle(JSON.parse((message as MessageEvent<string>).data) as Event);
      } catch {
        // An event that cannot be read says at least that something changed.
        void queryClient.invalidateQueries();
      }
    });
  }
  return () => {
    source.close();
    set("off");
  };
}

export const useLiveState = () => useSyncExternalStore(subscribe, () => state);

const NOBODY: Presence[] = [];
export const usePresenceOf = (conversation: string) =>
  useSyncExternalStore(subscribe, () => presence.get(conversation) ?? NOBODY);

export function setPresence(conversation: string, others: Presence[]): void {
  presence.set(conversation, others);
  tell();
}

export function onAlert(listener: (alert: { id: string; class: string; conversation_id: string | null }) => void) {
  alertListeners.add(listener);
  return () => {
    alertListeners.delete(listener);
  };
}
