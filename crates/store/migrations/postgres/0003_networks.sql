-- What hearing and speaking on many networks needs: health of credentials and webhooks, an address for
-- webhooks, registrations with networks and the flows in which somebody authorises us, progress of a
-- sending, files and what drafts carry of them, budgets, watch terms, what says again what was said before,
-- what is done for an account now and then, and figures of reach.

alter table accounts add column app_id text;
alter table accounts add column hook_id text;
alter table accounts add column hook_secret bytea;
alter table accounts add column hook_seen_at bigint;
alter table accounts add column hook_ok boolean;
alter table accounts add column expires_at bigint;
alter table accounts add column reauthorise_by bigint;
alter table accounts add column renew_at bigint;
alter table accounts add column renewed_at bigint;
alter table accounts add column renew_failed text;
alter table accounts add column renew_owner text;
alter table accounts add column renew_until bigint;
create unique index accounts_hook on accounts (hook_id);
create index accounts_renew on accounts (org_id, renew_at) where renew_at is not null;

alter table sources add column notice text;
alter table sources add column stream_cursor text;
alter table sources add column stream_owner text;
alter table sources add column stream_until bigint;
alter table sources add column stream_next_at bigint;
alter table sources add column stream_ok_at bigint;
alter table sources add column stream_failures bigint;
alter table sources add column stream_error text;

-- Files with their descriptions, link and language of a draft; null where there are only words.
alter table drafts add column carried text;

-- The post for which a draft has other words.
alter table drafts add column revises text;
create index drafts_revises on drafts (org_id, revises, created_at);

alter table outbox add column progress text;

-- When an item that could not be laid into its conversation is tried again.
alter table raw_items add column try_at bigint;
-- Only what a source brought is looked for by its source: what came by itself needs no place in there.
drop index raw_items_recent;
create index raw_items_recent on raw_items (org_id, source_id, published_at) where source_id is not null;

create table apps (
  org_id text not null references organisations (id),
  id text not null,
  network text not null,
  name text not null,
  base_url text not null,
  client_id text not null,
  client_secret bytea,
  config text not null,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);

create table authorisations (
  org_id text not null references organisations (id),
  id text not null,
  state_hash text not null,
  network text not null,
  app_id text not null,
  account_id text,
  user_id text,
  redirect text not null,
  verifier bytea not null,
  granted bytea,
  used_at bigint,
  created_at bigint not null,
  expires_at bigint not null,
  primary key (org_id, id)
);
create unique index authorisations_state on authorisations (state_hash);

create table watch_terms (
  org_id text not null references organisations (id),
  id text not null,
  term text not null,
  term_key text not null,
  unless text not null,
  kind text not null,
  created_by text,
  created_at bigint not null,
  primary key (org_id, id)
);
create unique index watch_terms_key on watch_terms (org_id, term_key);

create table watch_lists (
  org_id text primary key not null references organisations (id),
  version bigint not null
);

create table quota_use (
  org_id text not null references organisations (id),
  scope text not null,
  bucket text not null,
  period_start bigint not null,
  period_end bigint not null,
  units bigint not null,
  primary key (org_id, scope, bucket)
);

create table media (
  org_id text not null references organisations (id),
  id text not null,
  sha256 text not null,
  kind text not null,
  mime text not null,
  bytes bigint not null,
  width bigint,
  height bigint,
  alt text,
  created_by text,
  created_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);

alter table messages add column thread_native_id text;
alter table messages add column copy_of text;
alter table messages add column likeness double precision;
alter table messages add column said bigint;
create index messages_other_thread on messages (org_id, account_id, thread_native_id) where thread_native_id is not null;
create index messages_said on messages (org_id, said) where said is not null;

-- Where somebody's message stands at its network, and the item that left which brought it there; null is
-- visible. What a blog held was only known as private before.
alter table messages add column standing text;
alter table messages add column standing_by text;
update messages set standing = 'held' where visibility = 'private' and direction = 'inbound' and deleted_at is null
  and exists (select 1 from accounts a where a.org_id = messages.org_id and a.id = messages.account_id and a.network = 'wordpress');
create index outbox_message on outbox (org_id, message_id) where message_id is not null;

create table sketches (
  org_id text not null references organisations (id),
  message_id text not null,
  account_id text not null,
  conversation_id text not null,
  minima bytea not null,
  published_at bigint not null,
  copies bigint not null,
  primary key (org_id, message_id)
);

create table sketch_bands (
  org_id text not null references organisations (id),
  band bigint not null,
  message_id text not null,
  primary key (org_id, band, message_id)
);

create table upkeep (
  org_id text not null references organisations (id),
  account_id text not null,
  kind text not null,
  address text,
  asked_at bigint,
  since bigint,
  until bigint,
  next_at bigint not null,
  failed text,
  attempts bigint not null default 0,
  owner text,
  lease_until bigint,
  primary key (org_id, account_id, kind)
);

create table figures (
  org_id text not null references organisations (id),
  account_id text not null,
  post_native_id text not null,
  native_name text not null,
  day bigint not null,
  is_total boolean not null,
  metric text not null,
  value double precision not null,
  read_at bigint not null,
  primary key (org_id, account_id, post_native_id, native_name, day)
);

alter table alerts add column post_id text;
