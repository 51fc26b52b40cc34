import { QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem } from "./client";
import { answer, connecting, door, listen, publish, trust, understand, watching } from "./operations";

/** The names under which answers are kept; the live stream makes them stale by these. */
export const keys = {
  me: ["me"] as const,
  queue: ["queue"] as const,
  counts: ["counts"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  posts: ["posts"] as const,
  post: (id: string) => ["posts", id] as const,
  alerts: ["alerts"] as const,
  health: ["health"] as const,
  listen: ["listen"] as const,
  registrations: ["registrations"] as const,
  watchTerms: ["watch_terms"] as const,
  audit: ["audit"] as const,
  settings: ["settings"] as const,
  users: ["users"] as const,
  understand: ["understand"] as const,
};

const GIVES_UP = [400, 401, 403, 404, 409, 412, 422, 428];

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, problem) => count < 2 && !(problem instanceof Problem && GIVES_UP.includes(problem.status)),
    },
  },
});

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: trust.me, staleTime: 300_000 });
export const useCounts = () => useQuery({ queryKey: keys.counts, queryFn: answer.counts, refetchInterval: 60_000 });
export const useAlerts = () => useQuery({ queryKey: keys.alerts, queryFn: trust.alerts, refetchInterval: 60_000 });
export const useHealth = () => useQuery({ queryKey: keys.health, queryFn: trust.health, refetchInterval: 60_000 });
export const useConversation = (id: string) =>
  useQuery({ queryKey: keys.conversation(id), queryFn: ({ signal }) => answer.conversation(id, signal) });
export const usePosts = () => useQuery({ queryKey: keys.posts, queryFn: publish.posts });
export const usePost = (id: string | null) =>
  useQuery({ queryKey: keys.post(id ?? ""), queryFn: () => publish.post(id ?? ""), enabled: id !== null });
export const useVersions = (id: string) =>
  useQuery({ queryKey: [...keys.posts, "versions", id], queryFn: () => publish.versions(id) });
export const useAccounts = () => useQuery({ queryKey: [...keys.listen, "accounts"], queryFn: listen.accounts });
export const useSources = () => useQuery({ queryKey: [...keys.listen, "sources"], queryFn: listen.sources });
export const useDeadLetters = () => useQuery({ queryKey: [...keys.listen, "dead"], queryFn: listen.deadLetters });
export const useImports = () => useQuery({ queryKey: [...keys.listen, "imports"], queryFn: listen.imports });
export const useFigures = (id: string) =>
  useQuery({ queryKey: [...keys.listen, "figures", id], queryFn: () => listen.figures(id) });
export const useNetworks = () => useQuery({ queryKey: ["networks"], queryFn: listen.networks, staleTime: 3_600_000 });
export const useRegistrations = () => useQuery({ queryKey: keys.registrations, queryFn: connecting.registrations });
export const useWatchTerms = () => useQuery({ queryKey: keys.watchTerms, queryFn: watching.terms });
export const useUsers = (enabled = true) => useQuery({ queryKey: keys.users, queryFn: trust.users, enabled });
export const useClaims = (enabled = true) =>
  useQuery({ queryKey: ["claims"], queryFn: () => understand.claims(), staleTime: 3_600_000, enabled });
export const useRules = () => useQuery({ queryKey: ["rules"], queryFn: door.rules, staleTime: 3_600_000 });

/** Whether the signed-in user's roles allow an action. The server decides; this only hides what it would refuse. */
export function useMay(): (action: string) => boolean {
  const me = useMe();
  return (action) => me.data?.permissions.includes(action) ?? false;
}

/** Runs a change and then makes stale what it touched. */
export function useChange<I, O>(run: (input: I) => Promise<O>, stale: readonly (readonly unknown[])[]) {
  const client = useQueryClient();
  return useMutation<O, Error, I>({
    mutationFn: run,
    onSuccess: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
