/** The shapes of the API as the pages use them. Instants are RFC 3339 in UTC, spans are offsets in Unicode scalar values. */
import type { Credentials } from "./connecting";

export type Span = [start: number, end: number];

export type Role =
  | "responder"
  | "author"
  | "clinical_reviewer"
  | "privacy_officer"
  | "on_call"
  | "manager"
  | "administrator"
  | "auditor";

export const ROLES: readonly Role[] = [
  "responder",
  "author",
  "clinical_reviewer",
  "privacy_officer",
  "on_call",
  "manager",
  "administrator",
  "auditor",
];

export type Intent =
  | "crisis_self_harm"
  | "medical_emergency"
  | "safety_threat_or_abuse"
  | "adverse_event"
  | "privacy_exposure"
  | "complaint"
  | "question_service"
  | "question_health"
  | "misinformation"
  | "suggestion"
  | "praise"
  | "job_media_legal"
  | "spam_offtopic";

export type RiskLabel =
  | "crisis_self_harm"
  | "medical_emergency"
  | "safety_threat_or_abuse"
  | "adverse_event"
  | "privacy_exposure";
export type RiskLevel = "C0" | "C1" | "C2" | "C3" | "now" | "past" | "possible";
export type SentimentLabel = "very_positive" | "positive" | "neutral" | "negative" | "very_negative";
export type Visibility = "public" | "unlisted" | "private";
export type Decision = "allow" | "warn" | "block";
export type ConversationState = "open" | "snoozed" | "resolved";
export type Outcome = "answered_here" | "moved_offline" | "no_action";
export type OutboxState =
  | "pending"
  | "sending"
  | "delivered"
  | "unknown"
  | "dead"
  | "missed"
  | "held"
  | "stopped"
  | "cancelled";
export type Standing = "visible" | "held" | "hidden" | "removed" | "spam";
export type Moderation = "approve" | "show" | "hide" | "remove" | "spam";
export type Ground = "abusive" | "spam" | "personal_data";
export const GROUNDS: readonly Ground[] = ["abusive", "personal_data", "spam"];
export type OrganisationKind = "hospital" | "practice" | "physician_group" | "charity" | "consumer_group";
export type OwnerRole = "patient_relations" | "privacy_officer" | "risk_manager" | "nurse_manager" | "transfer_centre";
export type CaseReason =
  | "care_concern"
  | "staff_conduct"
  | "billing"
  | "privacy"
  | "possible_harm"
  | "adverse_event"
  | "safety"
  | "urgent"
  | "access"
  | "other";

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Organisation {
  id?: string;
  name: string;
  kind: OrganisationKind;
  country: string;
  language: string;
  zone: string;
}

export interface Me {
  user: { id: string; name: string; email: string; roles: Role[] };
  organisation: Organisation;
  permissions: string[];
  version: string;
}

export interface User {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  active: boolean;
  created_at: string;
}

export interface RoleMatrix {
  roles: Role[];
  actions: { action: string; title: string; allowed: Role[] }[];
}

export interface PersonRef {
  id: string;
  name: string;
}

export interface ActorRef {
  kind: string;
  id: string | null;
  name: string | null;
}

export interface QueueItem {
  id: string;
  account_id: string;
  network: string;
  place: string;
  author: { id: string | null; display_name: string; times: number };
  excerpt: string;
  language: string;
  rating: number | null;
  visibility: Visibility;
  state: ConversationState;
  priority: number;
  c0: boolean;
  needs_reader: boolean;
  labels: {
    intents: { label: Intent; score: number }[];
    risk: { label: RiskLabel; level: RiskLevel } | null;
    sentiment: SentimentLabel | null;
    themes: string[];
  };
  due_at: string | null;
  clock: { minutes: number | null; basis: string; state: "ok" | "due_soon" | "past_due" | "none" };
  assigned_to: PersonRef | null;
  snoozed_until: string | null;
  waiting: number;
  first_message_at: string;
  last_message_at: string;
  outcome: Outcome | null;
  alert: { id: string; state: string } | null;
  version: number;
}

export type LabelKind = "sentiment" | "intent" | "theme" | "risk" | "language" | "identifier" | "claim";
export type CorrectionAct = "confirm" | "remove" | "add" | "change";
export type Stance = "asserts" | "asks" | "denies";

/** A label by its name; a risk has a level, a claim a stance, an identifier a place. */
export interface LabelName {
  label: string;
  detail: string | null;
  span: Span | null;
}

export interface Correction {
  id: string;
  at: string;
  by: PersonRef;
  message_id: string;
  conversation_id: string;
  kind: LabelKind;
  act: CorrectionAct;
  shown: LabelName | null;
  score: number | null;
  made_by: string;
  says: LabelName | null;
  note: string | null;
  rank_before: number;
  rank_after: number;
  counts: boolean;
}

export interface NewCorrection {
  kind: LabelKind;
  act: CorrectionAct;
  shown?: LabelName;
  says?: LabelName;
  note?: string;
}

export interface LabelAgreement {
  kind: LabelKind;
  label: string;
  detail: string | null;
  shown: number;
  agreed: number;
  corrected: number;
  missed: number;
  share: number | null;
  low: number | null;
  high: number | null;
}

export interface Agreement {
  from: string;
  to: string;
  messages: number;
  judged: number;
  items: LabelAgreement[];
}

export interface Claim {
  id: string;
  topic: string;
  myth: string;
  known: string;
  sources: { publisher: string; title: string; url: string }[];
  says_en: string[];
  says_es: string[];
  reviewed_on: string;
  effective_from: string;
}

export interface WhyPart {
  kind: string;
  label: string | null;
  level: string | null;
  sentence: string;
}

export interface RankStep {
  kind: string;
  label: string | null;
  level: string | null;
  rank: number | null;
  decides: boolean;
  sentence: string;
  score: number | null;
  evidence: Span[];
  because: string[];
  set_by: PersonRef | null;
}

export interface WhyPage {
  conversation: QueueItem;
  ahead: number | null;
  sentence: string;
  message: Message | null;
  steps: RankStep[];
  clock: QueueItem["clock"];
  others_waiting: { id: string; priority: number; received_at: string }[];
  held: boolean;
}

export interface Skeleton {
  text: string | null;
  language: string;
  contacts: string[];
  needs_contact: boolean;
}

export interface Assessment {
  language: string;
  language_score: number;
  sentiment: { label: SentimentLabel; three: string; score: number; evidence: Span[] } | null;
  intents: { label: Intent; score: number; evidence: Span[] }[];
  risk: Risk | null;
  risks: Risk[];
  themes: { label: string; category: string; score: number; evidence: Span[] }[];
  hcat: Hcat | null;
  claims: { id: string; stance: Stance; score: number; evidence: Span[] }[];
  identifiers: { type: string; start: number; end: number; text: string; score: number }[];
  readability: Readability;
  priority: number;
  needs_reader?: boolean;
  made_by: string;
}

/** Where a complaint belongs in the Healthcare Complaints Analysis Tool. */
export interface Hcat {
  domain: string;
  problem: string;
  severity: number;
  score: number;
  evidence: Span[];
  because: string[];
}

export interface Risk {
  label: RiskLabel;
  level: RiskLevel;
  score: number;
  evidence: Span[];
  because?: string[];
  icsr?: { patient: boolean; reporter: boolean; product: boolean; event: boolean } | null;
}

export interface Readability {
  words: number;
  sentences: number;
  words_per_sentence: number;
  longest_sentence: number;
  fk_grade: number | null;
  smog: number | null;
  short_text: boolean;
  hard_words: { span: Span; word: string; plainer: string | null }[];
}

export interface Message {
  id: string;
  direction: "inbound" | "own_reply" | "staff_elsewhere";
  kind: string;
  author: { id: string | null; display_name: string; handle?: string | null; url?: string | null };
  text: string;
  parent_id: string | null;
  visibility: Visibility;
  rating: number | null;
  permalink: string | null;
  published_at: string;
  received_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  priority: number;
  assessment: Assessment | null;
  corrections: Correction[];
  delivery: { outbox_id: string; state: OutboxState } | null;
  /** Why it stands beside a message of somebody else: it says nearly the same. */
  copy_of: { message_id: string; likeness: number } | null;
  /** Where the same words stand within a week, in other conversations, the oldest first. */
  also_said: AlsoSaid[];
  /** Where it stands at its network, and what that network lets us do about it. */
  moderation: {
    standing: Standing;
    by_us: boolean;
    can: Moderation[];
    open: { outbox_id: string; kind: string; state: OutboxState } | null;
  };
}

export interface AlsoSaid {
  message_id: string;
  conversation_id: string;
  network: string;
  account: string;
  published_at: string;
}

export interface Note {
  id: string;
  at: string;
  author: PersonRef;
  text: string;
}

export interface TimelineEntry {
  id: string;
  at: string;
  actor: ActorRef;
  kind: string;
  detail: unknown;
}

export interface Case {
  id: string;
  conversation_id: string;
  owner_role: OwnerRole;
  owner_user?: PersonRef | null;
  reason: CaseReason;
  due_at: string | null;
  state: "open" | "accepted" | "closed";
  outcome: string | null;
  intake_link?: { url: string; expires_at: string } | null;
}

export interface Conversation extends QueueItem {
  messages: Message[];
  notes: Note[];
  timeline: TimelineEntry[];
  drafts: Draft[];
  case: Case | null;
  why: { sentence: string; parts: WhyPart[] };
}

export interface Finding {
  rule: string;
  severity: Decision;
  /** In which part of what is said; spans count from its beginning. */
  part: "title" | "text" | "link" | "alt";
  /** Which file, from 0, where it is in a description. */
  file: number | null;
  start: number;
  end: number;
  evidence: string;
  why: string;
  instead: string;
}

export interface Verdict {
  id?: string;
  verdict: Decision;
  findings: Finding[];
  readability?: Readability | null;
}

export interface Acknowledgement {
  finding: number;
  reason: string;
  user?: PersonRef | null;
  at?: string | null;
}

export interface Override {
  state: "requested" | "granted";
  reason: string;
  requested_by?: PersonRef | null;
  granted_by?: PersonRef | null;
  granted_reason?: string | null;
}

export interface Approval {
  user: PersonRef;
  at: string;
  decision: "approved" | "rejected" | "voided";
  text_hash: string;
  reason: string | null;
  /** Whether it was given for the text as it now is. */
  stands?: boolean;
}

export type DraftState =
  | "writing"
  | "blocked"
  | "needs_ack"
  | "ready"
  | "awaiting_approval"
  | "approved"
  | "queued"
  | "sent"
  | "discarded";

export type MediaKind = "image" | "video" | "document";

/** A file that a post carries, with the post's own description of it. */
export interface Attachment {
  id: string;
  kind: MediaKind;
  mime: string;
  bytes: number;
  width: number | null;
  height: number | null;
  alt: string | null;
}

/** One thing in the way of sending. */
export interface Refusal {
  code: string;
  sentence: string;
}

export interface Draft {
  id: string;
  conversation_id: string | null;
  account_id: string;
  kind: "reply" | "post" | "edit";
  title: string | null;
  text: string;
  media: Attachment[];
  link: string | null;
  language: string | null;
  text_hash: string;
  state: DraftState;
  visibility: Visibility;
  written_by: PersonRef;
  /** The post for which it has other words. */
  revises: string | null;
  /** Everybody who wrote in it; none of them approves it. */
  writers: PersonRef[];
  /** The message that it answers. */
  in_reply_to: string | null;
  /** Absent until the first check of a draft. */
  verdict: Verdict | null;
  acknowledgements: Acknowledgement[];
  override: Override | null;
  approvals: Approval[];
  needs_second_person: boolean;
  can_send: boolean;
  refusals: Refusal[];
  destination: {
    network: string;
    place: string;
    visibility: Visibility;
    in_reply_to: string | null;
    connected_as: string | null;
    /** In millionths of a US dollar; null where the network charges nothing. */
    price_micro_usd: number | null;
  };
  outbox: OutboxItem | null;
  updated_at: string;
  version: number;
}

export interface OutboxItem {
  id: string;
  kind: string;
  state: OutboxState;
  account_id: string;
  conversation_id: string | null;
  draft_id: string | null;
  attempts: { at: string; outcome: string; detail: string | null }[];
  due_at: string | null;
  next_at: string | null;
  native_id: string | null;
  permalink: string | null;
  needs_human: boolean;
  why: string | null;
}

/** Captions that were added to a video of ours. */
export interface Captions {
  language: string;
  name: string;
  outbox: OutboxItem;
}

export interface PreparedText {
  id: string;
  title: string;
  class: string;
  language: string;
  text: string;
}

export interface GuardRule {
  id: string;
  title: string;
  text: string;
  citation: string;
  in_force_from: string | null;
  in_force_to: string | null;
  reviewed: string | null;
  severity?: Decision;
  examples: { blocked: string[]; allowed: string[] };
}

export interface Counts {
  open: number;
  due: number;
  unassigned: number;
  mine: number;
  snoozed: number;
}

export interface Alert {
  id: string;
  class: string;
  conversation_id: string | null;
  post_id: string | null;
  raised_at: string;
  state: string;
  step: number;
  acknowledged_by: PersonRef | null;
  acknowledged_at: string | null;
  next_at: string | null;
  deliveries: { channel: string; state: string; at: string | null }[];
}

export interface Health {
  ok: boolean;
  outbox: {
    oldest_due_seconds: number | null;
    pending: number;
    unknown: number;
    dead: number;
    missed: number;
    held: number;
    stopped: number;
  };
  alerts_unsent: number;
}

export interface Contacts {
  phone: string | null;
  email: string | null;
  url: string | null;
}

export interface Account {
  id: string;
  network: string;
  name: string;
  state: string;
  base_url: string | null;
  connected_as: string | null;
  part2: boolean;
  contacts: Contacts;
  staff: string[];
  sites: string[];
  allowed_urls: string[];
  country: string | null;
  capabilities?: unknown;
  last_heard_at: string | null;
  /** When its credentials end, renewed or not. */
  credentials_end_at: string | null;
  /** When a person must have authorised it again; null where it renews itself for ever. */
  reauthorise_by: string | null;
  renewal_error: string | null;
  webhook_path: string | null;
  webhook_seen_at: string | null;
  webhook_ok: boolean | null;
  webhook_asked_at: string | null;
  webhook_since: string | null;
  webhook_until: string | null;
  webhook_error: string | null;
  version: number;
}

export interface NewAccount {
  network: string;
  name: string;
  base_url?: string;
  credentials?: Credentials;
  config?: Record<string, unknown>;
  contacts?: Contacts;
  part2?: boolean;
}

export interface SelfTest {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}

export interface Source {
  id: string;
  account_id: string;
  kind: string;
  name: string;
  url: string | null;
  interval_seconds: number;
  state: "ok" | "silent" | "failing" | "paused";
  last_polled_at: string | null;
  last_ok_at: string | null;
  last_item_at: string | null;
  next_poll_at: string | null;
  failures: number;
  error: string | null;
  normal_gap_seconds: number | null;
  silence_seconds: number | null;
}

export interface DeadLetter {
  id: string;
  account_id: string;
  native_id: string | null;
  received_at: string;
  reason: string;
  attempts: number;
}

export interface Import {
  id: string;
  account_id: string;
  name: string;
  state: "running" | "done" | "failed" | "paused";
  total_bytes: number;
  done_bytes: number;
  accepted: number;
  known: number;
  rejected: number;
  created_at: string;
  error: string | null;
}

export interface ImportPreview {
  format: string;
  columns: string[];
  rows: string[][];
  guess?: Record<string, string>;
}

export interface AuditEntry {
  height: number;
  at: string;
  actor: ActorRef;
  action: string;
  object: { kind: string; id: string } | null;
  sentence: string;
  detail?: unknown;
  hash: string;
}

export interface AuditState {
  height: number;
  hash: string;
  verified_at: string | null;
  ok: boolean;
  checkpoint: { height: number; at: string } | null;
  uncovered: number;
  alarm: string | null;
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
export const WEEKDAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export type HourRange = [from: string, to: string];

export interface Hours {
  week: Record<Weekday, HourRange[]>;
  holidays: { date: string; name: string; hours: HourRange[] }[];
}

export interface Clock {
  priority: number;
  minutes: number | null;
  basis: "wall" | "organisation";
}

export interface SmtpSettings {
  host: string;
  port: number;
  from: string;
  username: string | null;
  password_set?: boolean;
  password?: string;
  tls: "none" | "starttls" | "tls";
}

export interface Settings {
  organisation: Organisation;
  hours: Hours;
  clocks: Clock[];
  policy: { second_person_priorities: number[] };
  alerts: {
    smtp: SmtpSettings | null;
    webhook: { url: string; secret_set?: boolean; secret?: string } | null;
    escalate_after_minutes: number;
    allowed_private_hosts: string[];
  };
  rota: { user_id: string; channels: ("email" | "webhook" | "browser")[] }[];
}

export interface AuthorPage {
  id: string;
  network: string;
  display_name: string;
  handle: string | null;
  first_seen_at: string;
  last_seen_at: string;
  conversations: QueueItem[];
  notes_count: number;
}

export interface Setup {
  organisation: Organisation & { hours: Hours };
  user: { name: string; email: string; password: string };
}

/** What people entered under a case's private links. */
export interface Intake {
  items: { id: string; entered_at: string; entered: { name?: string; contact?: string; text?: string } }[];
  open_until: string | null;
}
