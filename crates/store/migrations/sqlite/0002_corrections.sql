-- What people say about the labels of messages. Rows are only ever added.

create table corrections (
  org_id text not null references organisations (id),
  id text not null,
  message_id text not null,
  conversation_id text not null,
  kind text not null,
  act text not null,
  shown_label text,
  shown_detail text,
  shown_start bigint,
  shown_end bigint,
  shown_score double precision,
  made_by text not null,
  says_label text,
  says_detail text,
  says_start bigint,
  says_end bigint,
  text_hash text not null,
  rank_before bigint not null,
  rank_after bigint not null,
  user_id text not null,
  note text,
  at bigint not null,
  primary key (org_id, id)
);
create index corrections_message on corrections (org_id, message_id, id);
create index corrections_conversation on corrections (org_id, conversation_id, id);
