/** Every operation of the API that the pages use, by room. One line each: what goes in, what comes out. */
import { type Call, call, callTagged, type Query } from "./client";
import type * as C from "./connecting";
import type * as T from "./types";

const get = <R>(path: string, query?: Query, signal?: AbortSignal) => call<R>("GET", path, { query, signal });
const post = <R>(path: string, body: unknown = {}, options: Call = {}) => call<R>("POST", path, { ...options, body });
const patch = <R>(path: string, body: unknown, ifMatch?: number | string) => call<R>("PATCH", path, { body, ifMatch });
const at = (...parts: string[]) => `/${parts.map(encodeURIComponent).join("/")}`;

export const trust = {
  setupNeeded: () => get<{ needed: boolean }>("/setup"),
  setUp: (body: T.Setup) => post<unknown>("/setup", body),
  signIn: (email: string, password: string) => post<T.Me>("/sessions", { email, password }),
  signOut: () => call<null>("DELETE", "/sessions/current"),
  me: () => get<T.Me>("/me"),
  users: () => get<T.Page<T.User>>("/users", { limit: 200 }),
  addUser: (body: { name: string; email: string; password: string; roles: T.Role[] }) => post<T.User>("/users", body),
  changeUser: (id: string, body: Partial<{ name: string; roles: T.Role[]; active: boolean }>) =>
    patch<T.User>(at("users", id), body),
  roles: () => get<T.RoleMatrix>("/roles"),
  audit: (query: Query) => get<T.Page<T.AuditEntry>>("/audit", query),
  auditState: () => get<T.AuditState>("/audit/state"),
  verifyAudit: () => post<T.AuditState>("/audit/verify"),
  settings: () => callTagged<T.Settings>("GET", "/settings"),
  changeSettings: (body: Partial<T.Settings>, etag: string | null) =>
    patch<T.Settings>("/settings", body, etag ?? undefined),
  alerts: () => get<T.Page<T.Alert>>("/alerts", { limit: 50 }),
  acknowledgeAlert: (id: string) => post<T.Alert>(`${at("alerts", id)}/acknowledge`),
  releaseOutbox: () => post<unknown>("/outbox/release"),
  health: () => get<T.Health>("/health"),
};

export const listen = {
  accounts: () => get<T.Page<T.Account>>("/accounts", { limit: 200 }),
  addAccount: (body: T.NewAccount) => post<T.Account>("/accounts", body),
  removeAccount: (id: string, version: number) => call<null>("DELETE", at("accounts", id), { ifMatch: version }),
  selfTest: (id: string) => post<T.SelfTest>(`${at("accounts", id)}/self_test`),
  sources: () => get<T.Page<T.Source>>("/sources", { limit: 200 }),
  addSource: (body: { account_id: string; kind: string; name: string; url?: string }) =>
    post<T.Source>("/sources", body),
  pollSource: (id: string) => post<unknown>(`${at("sources", id)}/poll`),
  changeSource: (id: string, body: { state: "ok" | "paused" }) => patch<T.Source>(at("sources", id), body),
  deadLetters: () => get<T.Page<T.DeadLetter>>("/dead_letters", { limit: 100 }),
  retryDeadLetter: (id: string) => post<unknown>(`${at("dead_letters", id)}/retry`),
  imports: () => get<T.Page<T.Import>>("/imports", { limit: 50 }),
  preview: (form: FormData) => call<T.ImportPreview>("POST", "/imports/preview", { form }),
  startImport: (form: FormData) => call<T.Import>("POST", "/imports", { form }),
  rejectedAddress: (id: string) => `/api/v1${at("imports", id)}/rejected`,
  networks: () => get<T.Page<C.NetworkShape>>("/networks"),
  figures: (id: string) => get<C.Figures>(`${at("accounts", id)}/figures`),
};

export const connecting = {
  registrations: () => get<T.Page<C.Registration>>("/registrations"),
  addRegistration: (body: C.NewRegistration) => post<C.Registration>("/registrations", body),
  changeRegistration: (id: string, body: C.RegistrationChange, version: number) =>
    patch<C.Registration>(at("registrations", id), body, version),
  removeRegistration: (id: string) => call<null>("DELETE", at("registrations", id)),
  begin: (registration_id: string, account_id: string | null) =>
    post<C.AuthorisationBegun>("/authorisations", { registration_id, account_id }),
  handIn: (body: C.AuthorisationReturn) => post<C.AuthorisationGranted>("/authorisations/return", body),
  granted: (id: string) => get<C.AuthorisationGranted>(at("authorisations", id)),
  connect: (id: string, body: { native_id: string; name?: string }) =>
    post<T.Account>(`${at("authorisations", id)}/connect`, body),
};

export const watching = {
  terms: () => get<T.Page<C.WatchTerm>>("/watch_terms"),
  add: (terms: C.NewWatchTerm[]) => post<{ added: number }>("/watch_terms", { terms }),
  remove: (id: string) => call<null>("DELETE", at("watch_terms", id)),
  attempt: (text: string) => post<T.Page<C.WatchHit>>("/watch_terms/try", { text }),
};

export const understand = {
  read: (text: string) => post<T.Assessment>("/understand", { text }),
  correct: (message: string, body: T.NewCorrection) =>
    post<T.Correction>(`${at("messages", message)}/corrections`, body),
  corrections: (query: Query) => get<T.Page<T.Correction>>("/corrections", query),
  agreement: (days: number) => get<T.Agreement>("/corrections/agreement", { days }),
  claims: (q?: string) => get<T.Page<T.Claim>>("/claims", { q }),
  exportAddress: "/api/v1/corrections/export",
};

export const answer = {
  queue: (query: Query, signal?: AbortSignal) => get<T.Page<T.QueueItem>>("/conversations", query, signal),
  counts: () => get<T.Counts>("/conversations/counts"),
  conversation: (id: string, signal?: AbortSignal) => get<T.Conversation>(at("conversations", id), undefined, signal),
  why: (id: string) => get<T.WhyPage>(`${at("conversations", id)}/why`),
  assign: (id: string, user_id: string | null) => post<unknown>(`${at("conversations", id)}/assign`, { user_id }),
  snooze: (id: string, until: string) => post<unknown>(`${at("conversations", id)}/snooze`, { until }),
  note: (id: string, text: string) => post<unknown>(`${at("conversations", id)}/notes`, { text }),
  resolve: (id: string, outcome: T.Outcome, reason?: string) =>
    post<unknown>(`${at("conversations", id)}/resolve`, { outcome, reason }),
  reopen: (id: string) => post<unknown>(`${at("conversations", id)}/reopen`),
  presence: (id: string, writing: boolean) =>
    post<{ others: Presence[] }>(`${at("conversations", id)}/presence`, { writing }),
  handOver: (id: string, body: { owner_role: T.OwnerRole; reason: T.CaseReason; due_at?: string }) =>
    post<T.Case>(`${at("conversations", id)}/hand_over`, body),
  newLink: (id: string) => post<T.Case>(`${at("cases", id)}/link`),
  acceptCase: (id: string) => post<T.Case>(`${at("cases", id)}/accept`),
  closeCase: (id: string, outcome: string) => post<T.Case>(`${at("cases", id)}/close`, { outcome }),
  readIntake: (id: string) => get<T.Intake>(`${at("cases", id)}/intake`),
  person: (id: string) => get<T.AuthorPage>(at("people", id)),
};

/** What a post says and carries, as it is asked for. */
export interface PostContent {
  title?: string;
  text: string;
  media: { id: string; alt: string }[];
  link: string;
  language: string;
}

export const publish = {
  posts: () => get<T.Page<T.Draft>>("/posts", { limit: 50 }),
  post: (id: string) => get<T.Draft>(at("posts", id)),
  create: (account_id: string, content: PostContent) => post<T.Draft>("/posts", { account_id, ...content }),
  change: (draft: T.Draft, content: Partial<PostContent>) =>
    patch<T.Draft>(at("drafts", draft.id), content, draft.version),
  takeBack: (id: string) => post<T.OutboxItem>(`${at("posts", id)}/take_back`),
  revise: (id: string, text: string) => post<T.Draft>(`${at("posts", id)}/revise`, { text }),
  versions: (id: string) => get<T.Page<T.Draft>>(`${at("posts", id)}/versions`),
  captions: (id: string) => get<T.Page<T.Captions>>(`${at("posts", id)}/captions`),
  caption: (id: string, body: { language: string; name: string; text: string; acknowledged: boolean }) =>
    post<T.OutboxItem>(`${at("posts", id)}/captions`, body),
  bring: (form: FormData) => call<T.Attachment>("POST", "/media", { form }),
  fileAddress: (id: string) => `/api/v1${at("media", id)}/file`,
};

export interface Presence {
  user_id: string;
  name: string;
  writing: boolean;
}

export const door = {
  check: (body: { conversation_id?: string; in_reply_to?: string; text: string }, signal?: AbortSignal) =>
    post<T.Verdict>("/guard/check", body, { signal }),
  rules: () => get<T.Page<T.GuardRule>>("/guard/rules"),
  skeleton: (conversation_id: string) => get<T.Skeleton>("/guard/skeleton", { conversation_id }),
  prepared: (conversation_id: string) => get<T.Page<T.PreparedText>>("/prepared_texts", { conversation_id }),
  create: (conversation: string, text: string, in_reply_to: string | null) =>
    post<T.Draft>(`${at("conversations", conversation)}/drafts`, { text, in_reply_to }),
  change: (draft: T.Draft, text: string) => patch<T.Draft>(at("drafts", draft.id), { text }, draft.version),
  acknowledge: (id: string, findings: number[], reason: string) =>
    post<T.Draft>(`${at("drafts", id)}/acknowledge`, { findings, reason }),
  requestOverride: (id: string, reason: string) => post<T.Draft>(`${at("drafts", id)}/request_override`, { reason }),
  grantOverride: (id: string, reason: string) => post<T.Draft>(`${at("drafts", id)}/grant_override`, { reason }),
  submit: (id: string) => post<T.Draft>(`${at("drafts", id)}/submit`),
  approve: (id: string, text_hash: string) => post<T.Draft>(`${at("drafts", id)}/approve`, { text_hash }),
  reject: (id: string, text_hash: string, reason: string) =>
    post<T.Draft>(`${at("drafts", id)}/reject`, { text_hash, reason }),
  send: (id: string, text_hash: string, key: string, when: string | null = null) =>
    post<T.OutboxItem>(`${at("drafts", id)}/send`, { text_hash, at: when }, { key }),
  discard: (id: string) => post<unknown>(`${at("drafts", id)}/discard`),
  takeBack: (message: string, body: { how: "delete" } | { how: "edit"; text: string }) =>
    post<T.OutboxItem>(`${at("messages", message)}/take_back`, body),
  moderate: (message: string, body: { action: T.Moderation; reason: T.Ground | null; note: string | null }) =>
    post<T.OutboxItem>(`${at("messages", message)}/moderate`, body),
  outboxItem: (id: string) => get<T.OutboxItem>(at("outbox", id)),
  reconcile: (id: string) => post<T.OutboxItem>(`${at("outbox", id)}/reconcile`),
  decide: (id: string, decision: "mark_delivered" | "send_again" | "give_up", reason: string) =>
    post<T.OutboxItem>(`${at("outbox", id)}/decide`, { decision, reason }),
};
