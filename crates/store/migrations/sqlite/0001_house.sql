-- The first schema. Times are microseconds UTC; ids are prefixed UUIDv7 text; JSON is text.
-- Every table but the few named in docs/sql.md belongs to an organisation and carries org_id.
-- There is, on purpose, no column that says whether an author is a patient.

create table organisations (
  id text primary key not null,
  name text not null,
  kind text not null,
  country text not null,
  language text not null,
  zone text not null,
  settings text not null,
  version bigint not null,
  created_at bigint not null
);

create table org_keys (
  org_id text primary key not null references organisations (id),
  wrapped blob not null,
  created_at bigint not null
);

create table system_keys (
  name text primary key not null,
  sealed blob not null,
  public text not null,
  created_at bigint not null
);

create table system_state (
  name text primary key not null,
  value text not null
);

create table secrets (
  org_id text not null references organisations (id),
  name text not null,
  sealed blob not null,
  updated_at bigint not null,
  primary key (org_id, name)
);

create table users (
  org_id text not null references organisations (id),
  id text not null,
  email text not null,
  name text not null,
  password_hash text not null,
  roles text not null,
  active boolean not null,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index users_email on users (email);

create table sessions (
  token_hash text primary key not null,
  org_id text not null,
  id text not null,
  user_id text not null,
  created_at bigint not null,
  expires_at bigint not null,
  seen_at bigint not null
);
create index sessions_user on sessions (org_id, user_id);

create table login_throttles (
  key_hash text primary key not null,
  failures bigint not null,
  blocked_until bigint not null,
  updated_at bigint not null
);

create table accounts (
  org_id text not null references organisations (id),
  id text not null,
  network text not null,
  name text not null,
  base_url text not null,
  native_id text,
  connected_as text,
  state text not null,
  part2 boolean not null,
  profile text not null,
  config text not null,
  credentials blob,
  created_at bigint not null,
  updated_at bigint not null,
  removed_at bigint,
  version bigint not null,
  primary key (org_id, id)
);

create table sources (
  org_id text not null references organisations (id),
  id text not null,
  account_id text not null,
  kind text not null,
  name text not null,
  url text not null,
  config text not null,
  interval_seconds bigint not null,
  paused boolean not null,
  cursor text,
  lease_owner text,
  lease_until bigint,
  next_poll_at bigint not null,
  last_polled_at bigint,
  last_ok_at bigint,
  last_item_at bigint,
  items bigint not null,
  gap bigint,
  failures bigint not null,
  error text,
  created_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);
create index sources_due on sources (org_id, paused, next_poll_at);

create table raw_items (
  org_id text not null,
  id text not null,
  account_id text not null,
  source_id text,
  native_id text not null,
  kind text not null,
  body blob not null,
  content_hash text not null,
  revision bigint not null,
  state text not null,
  reason text,
  attempts bigint not null,
  published_at bigint,
  received_at bigint not null,
  updated_at bigint not null,
  primary key (org_id, id)
);
create unique index raw_items_native on raw_items (org_id, account_id, native_id);
create index raw_items_open on raw_items (org_id, state, id) where state not in ('parsed', 'removed');
create index raw_items_recent on raw_items (org_id, source_id, published_at);

create table raw_revisions (
  org_id text not null,
  raw_id text not null,
  revision bigint not null,
  body blob not null,
  content_hash text not null,
  received_at bigint not null,
  primary key (org_id, raw_id, revision)
);

create table authors (
  org_id text not null,
  id text not null,
  account_id text not null,
  native_id text not null,
  display_name text not null,
  handle text,
  url text,
  avatar text,
  messages bigint not null,
  first_seen_at bigint not null,
  last_seen_at bigint not null,
  primary key (org_id, id)
);
create unique index authors_native on authors (org_id, account_id, native_id);

create table messages (
  n integer primary key not null,
  org_id text not null,
  id text not null,
  conversation_id text not null,
  account_id text not null,
  source_id text,
  raw_id text,
  outbox_id text,
  native_id text not null,
  parent_native_id text,
  author_id text,
  direction text not null,
  kind text not null,
  visibility text not null,
  text text not null,
  language text,
  rating double precision,
  permalink text,
  priority bigint not null,
  assessment text,
  published_at bigint not null,
  received_at bigint not null,
  edited_at bigint,
  deleted_at bigint,
  answered_at bigint
);
create unique index messages_id on messages (org_id, id);
create unique index messages_native on messages (org_id, account_id, native_id);
create index messages_conversation on messages (org_id, conversation_id, published_at);
create index messages_author on messages (org_id, author_id, published_at);

create virtual table message_fts using fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');

create table conversations (
  org_id text not null,
  id text not null,
  account_id text not null,
  thread_native_id text not null,
  place text,
  place_url text,
  author_id text,
  excerpt text not null,
  language text,
  rating double precision,
  visibility text not null,
  state text not null,
  priority bigint not null,
  c0 boolean not null,
  needs_reader boolean not null,
  labels text not null,
  due_at bigint,
  due_sort bigint not null,
  clock_started_at bigint,
  assigned_to text,
  snoozed_until bigint,
  outcome text,
  outcome_reason text,
  waiting bigint not null,
  waiting_list text not null,
  past_due_alerted boolean not null,
  answered boolean not null,
  first_message_at bigint not null,
  last_message_at bigint not null,
  opened_at bigint not null,
  resolved_at bigint,
  updated_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index conversations_thread on conversations (org_id, account_id, thread_native_id);
create index conversations_queue on conversations (org_id, state, priority, due_sort, id);
create index conversations_assigned on conversations (org_id, assigned_to, state, priority, due_sort, id);
create index conversations_due on conversations (org_id, due_at) where due_at is not null;
create index conversations_author on conversations (org_id, author_id);

create table notes (
  org_id text not null,
  id text not null,
  conversation_id text not null,
  user_id text not null,
  text text not null,
  created_at bigint not null,
  primary key (org_id, id)
);
create index notes_conversation on notes (org_id, conversation_id, created_at);

create table timeline (
  org_id text not null,
  id text not null,
  conversation_id text not null,
  at bigint not null,
  actor_kind text not null,
  actor_id text,
  kind text not null,
  detail text not null,
  primary key (org_id, id)
);
create index timeline_conversation on timeline (org_id, conversation_id, at, id);

create table drafts (
  org_id text not null,
  id text not null,
  conversation_id text,
  account_id text not null,
  kind text not null,
  title text,
  text text not null,
  text_hash text not null,
  in_reply_to text,
  parent_native_id text,
  edits_native_id text,
  visibility text not null,
  state text not null,
  written_by text not null,
  verdict_id text,
  acknowledgements text not null,
  override text,
  prepared boolean not null,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);
create index drafts_conversation on drafts (org_id, conversation_id, created_at);
create index drafts_state on drafts (org_id, state, updated_at);

create table verdicts (
  org_id text not null,
  id text not null,
  draft_id text,
  kind text not null,
  decision text not null,
  findings text not null,
  text_hash text not null,
  at bigint not null,
  primary key (org_id, id)
);
create index verdicts_draft on verdicts (org_id, draft_id, at);

create table approvals (
  org_id text not null,
  id text not null,
  draft_id text not null,
  text_hash text not null,
  user_id text not null,
  decision text not null,
  reason text,
  at bigint not null,
  primary key (org_id, id)
);
create index approvals_draft on approvals (org_id, draft_id, at);

create table outbox (
  org_id text not null,
  id text not null,
  kind text not null,
  account_id text,
  conversation_id text,
  draft_id text,
  message_id text,
  alert_id text,
  verdict_id text not null,
  payload text not null,
  idempotency_key text not null,
  state text not null,
  priority bigint not null,
  attempts bigint not null,
  due_at bigint not null,
  next_at bigint,
  absent_since bigint,
  lease_owner text,
  lease_until bigint,
  sent_at bigint,
  native_id text,
  permalink text,
  why text,
  needs_human boolean not null,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null,
  primary key (org_id, id),
  foreign key (org_id, verdict_id) references verdicts (org_id, id)
);
create unique index outbox_key on outbox (org_id, idempotency_key);
create index outbox_due on outbox (org_id, state, next_at);
create index outbox_conversation on outbox (org_id, conversation_id);
create index outbox_draft on outbox (org_id, draft_id);
create index outbox_alert on outbox (org_id, alert_id);

create table attempts (
  org_id text not null,
  id text not null,
  outbox_id text not null,
  started_at bigint not null,
  ended_at bigint,
  outcome text,
  detail text,
  primary key (org_id, id)
);
create index attempts_outbox on attempts (org_id, outbox_id, started_at);

create table sealed_copies (
  org_id text not null,
  id text not null,
  message_id text not null,
  outbox_id text not null,
  sealed blob not null,
  created_at bigint not null,
  primary key (org_id, id)
);
create index sealed_copies_message on sealed_copies (org_id, message_id);

create table cases (
  org_id text not null,
  id text not null,
  conversation_id text not null,
  owner_role text not null,
  owner_user text,
  reason text not null,
  due_at bigint,
  state text not null,
  outcome text,
  created_by text not null,
  created_at bigint not null,
  closed_at bigint,
  version bigint not null,
  primary key (org_id, id)
);
create index cases_conversation on cases (org_id, conversation_id);
create index cases_open on cases (org_id, state, due_at);

create table intake_links (
  org_id text not null,
  id text not null,
  case_id text not null,
  token_hash text not null,
  expires_at bigint not null,
  used_at bigint,
  opened_at bigint,
  sealed blob,
  created_at bigint not null,
  primary key (org_id, id)
);
create unique index intake_links_token on intake_links (token_hash);
create index intake_links_case on intake_links (org_id, case_id);

create table alerts (
  org_id text not null,
  id text not null,
  conversation_id text,
  class text not null,
  state text not null,
  step bigint not null,
  exhausted boolean not null,
  raised_at bigint not null,
  next_at bigint,
  acknowledged_by text,
  acknowledged_at bigint,
  version bigint not null,
  primary key (org_id, id)
);
create index alerts_next on alerts (org_id, state, next_at);
create index alerts_conversation on alerts (org_id, conversation_id);

create table imports (
  org_id text not null,
  id text not null,
  account_id text not null,
  name text not null,
  format text not null,
  columns text not null,
  file text not null,
  state text not null,
  total_bytes bigint not null,
  done_bytes bigint not null,
  line bigint not null,
  accepted bigint not null,
  known bigint not null,
  rejected bigint not null,
  error text,
  lease_owner text,
  lease_until bigint,
  created_by text,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);

create table import_rejects (
  org_id text not null,
  import_id text not null,
  line bigint not null,
  reason text not null,
  row_text text not null,
  primary key (org_id, import_id, line)
);

create table idempotency_keys (
  org_id text not null,
  user_id text not null,
  idempotency_key text not null,
  route text not null,
  request_hash text not null,
  status bigint not null,
  body text not null,
  created_at bigint not null,
  primary key (org_id, user_id, idempotency_key)
);

create table views (
  org_id text not null,
  user_id text not null,
  object text not null,
  bucket bigint not null,
  primary key (org_id, user_id, object, bucket)
);

create table audit_entries (
  org_id text not null,
  height bigint not null,
  at bigint not null,
  actor_kind text not null,
  actor_id text,
  action text not null,
  object text not null,
  detail text not null,
  hash blob not null,
  primary key (org_id, height)
);
create index audit_entries_object on audit_entries (org_id, object, height);
create index audit_entries_actor on audit_entries (org_id, actor_id, height);
create index audit_entries_at on audit_entries (org_id, at);

create table audit_heads (
  org_id text primary key not null,
  height bigint not null,
  hash blob not null
);
