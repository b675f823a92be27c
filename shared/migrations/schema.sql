create table api_keys (
  id uuid not null,
  org_id uuid not null,
  name text not null,
  hint text not null,
  hash text not null,
  previous_hash text,
  previous_until timestamp with time zone,
  created_by_id uuid,
  created_at timestamp with time zone not null,
  rotated_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  scopes text[] not null default '{events:write}'::text[],
  addresses text[] not null default '{}'::text[],
  expires_at timestamp with time zone,
  UNIQUE (hash),
  UNIQUE (previous_hash),
  PRIMARY KEY (id),
  FOREIGN KEY (created_by_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX api_keys_by_end ON public.api_keys USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);
CREATE INDEX api_keys_by_organisation ON public.api_keys USING btree (org_id, created_at DESC, id);
CREATE INDEX api_keys_by_rotation ON public.api_keys USING btree (rotated_at) WHERE (rotated_at IS NOT NULL);

create table approval_deciders (
  approval_id uuid not null,
  user_id uuid not null,
  org_id uuid not null,
  is_waiting boolean not null,
  created_at timestamp with time zone not null,
  status text not null,
  PRIMARY KEY (approval_id, user_id),
  FOREIGN KEY (approval_id) REFERENCES approvals(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX approval_deciders_by_person ON public.approval_deciders USING btree (user_id, created_at DESC, approval_id);
CREATE INDEX approval_deciders_of_person ON public.approval_deciders USING btree (user_id, status, created_at DESC, approval_id);
CREATE INDEX approval_deciders_waiting ON public.approval_deciders USING btree (user_id, approval_id) WHERE is_waiting;

create table approval_history (
  n bigint not null generated always as identity,
  org_id uuid not null,
  approval_id uuid not null,
  action text not null,
  actor_id uuid,
  on_behalf_of_id uuid,
  people uuid[] not null,
  notes text,
  at timestamp with time zone not null,
  PRIMARY KEY (n),
  FOREIGN KEY (actor_id) REFERENCES users(id),
  FOREIGN KEY (approval_id) REFERENCES approvals(id),
  FOREIGN KEY (on_behalf_of_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX approval_history_by_actor ON public.approval_history USING btree (actor_id) WHERE (notes IS NOT NULL);
CREATE INDEX approval_history_by_approval ON public.approval_history USING btree (approval_id, n);

create table approval_policies (
  org_id uuid not null,
  version integer not null,
  rules jsonb not null,
  created_at timestamp with time zone not null,
  created_by_id uuid,
  PRIMARY KEY (org_id, version),
  FOREIGN KEY (created_by_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);

create table approvals (
  id uuid not null,
  org_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  subject_label jsonb not null,
  approver_id uuid,
  requester_id uuid not null,
  approval_type text not null,
  status text not null,
  notes text,
  reminder_count integer not null default 0,
  last_reminder_at timestamp with time zone,
  next_reminder_at timestamp with time zone,
  responded_at timestamp with time zone,
  decided_by text,
  decided_by_id uuid,
  on_behalf_of_id uuid,
  expires_at timestamp with time zone,
  escalated_from_id uuid,
  continuation text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  subject_details jsonb,
  version integer not null default 1,
  route jsonb,
  external_id text,
  subject_url text,
  open_question jsonb,
  time_left_ms bigint,
  PRIMARY KEY (id),
  FOREIGN KEY (approver_id) REFERENCES users(id),
  FOREIGN KEY (decided_by_id) REFERENCES users(id),
  FOREIGN KEY (escalated_from_id) REFERENCES approvals(id),
  FOREIGN KEY (on_behalf_of_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (requester_id) REFERENCES users(id)
);
CREATE INDEX approvals_by_approver ON public.approvals USING btree (approver_id, created_at, id) WHERE (status = 'PENDING'::text);
CREATE INDEX approvals_by_decision ON public.approvals USING btree (org_id, responded_at) WHERE ((responded_at IS NOT NULL) AND (approval_type = 'MANAGER_APPROVAL'::text));
CREATE INDEX approvals_by_requester ON public.approvals USING btree (requester_id, created_at DESC, id);
CREATE INDEX approvals_by_subject ON public.approvals USING btree (subject_id, created_at);
CREATE INDEX approvals_decided_for_another ON public.approvals USING btree (decided_by_id, status, created_at DESC, id) WHERE (on_behalf_of_id IS NOT NULL);
CREATE INDEX approvals_of_approver ON public.approvals USING btree (approver_id, status, created_at DESC, id);
CREATE INDEX approvals_of_organisation ON public.approvals USING btree (org_id, status, created_at DESC, id);
CREATE INDEX approvals_of_requester ON public.approvals USING btree (requester_id, status, created_at DESC, id);
CREATE UNIQUE INDEX approvals_one_open ON public.approvals USING btree (subject_type, subject_id) WHERE (status = 'PENDING'::text);
CREATE UNIQUE INDEX approvals_one_open_external ON public.approvals USING btree (org_id, subject_type, external_id) WHERE ((status = 'PENDING'::text) AND (external_id IS NOT NULL));
CREATE UNIQUE INDEX approvals_one_root ON public.approvals USING btree (subject_type, subject_id) WHERE (escalated_from_id IS NULL);

create table audit_log (
  id bigint not null default 
CASE
    WHEN (pg_current_xact_id() IS NOT NULL) THEN nextval('audit_log_ids'::regclass)
    ELSE NULL::bigint
END,
  at timestamp with time zone not null,
  org_id uuid not null,
  actor_id uuid,
  on_behalf_of_id uuid,
  action text not null,
  entity text not null,
  entity_id uuid,
  description text not null,
  metadata jsonb not null default '{}'::jsonb,
  request_id text not null,
  ip text,
  salt uuid default gen_random_uuid(),
  erased_by bigint,
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX audit_log_by_action ON public.audit_log USING btree (org_id, action, at, id) WHERE (action <> 'message_sent'::text);
CREATE INDEX audit_log_by_actor ON public.audit_log USING btree (actor_id, at, id);
CREATE INDEX audit_log_by_entity ON public.audit_log USING btree (org_id, entity, at, id) WHERE (entity <> 'message'::text);
CREATE INDEX audit_log_by_room ON public.audit_log USING btree (((metadata ->> 'roomId'::text)), at, id) WHERE ((metadata ->> 'roomId'::text) IS NOT NULL);
CREATE INDEX audit_log_by_time ON public.audit_log USING btree (org_id, at, id);
CREATE INDEX audit_log_erased ON public.audit_log USING btree (org_id, erased_by) WHERE (erased_by IS NOT NULL);

create table audit_sealing (
  is_only boolean not null default true,
  sealed_up_to bigint not null default 0,
  next_up_to bigint,
  next_transaction xid8,
  PRIMARY KEY (is_only),
  CHECK (is_only)
);

create table audit_seals (
  org_id uuid not null,
  n bigint not null,
  audit_id bigint not null,
  commitment bytea not null,
  hash bytea not null,
  UNIQUE (audit_id),
  PRIMARY KEY (org_id, n),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);

create table auto_responses (
  id uuid not null,
  org_id uuid not null,
  name text not null,
  response_type text not null,
  message text not null,
  trigger jsonb not null,
  quick_replies jsonb not null,
  is_active boolean not null,
  usage_count integer not null default 0,
  version integer not null default 1,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX auto_responses_by_organisation ON public.auto_responses USING btree (org_id, created_at, id) WHERE (deleted_at IS NULL);

create table booking_counters (
  org_id uuid not null,
  scheduled_date date not null,
  last integer not null,
  PRIMARY KEY (org_id, scheduled_date),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);

create table bookings (
  id uuid not null,
  org_id uuid not null,
  booking_code text not null,
  requester_id uuid not null,
  booking_type text not null,
  status text not null,
  approval_type text,
  is_business_trip boolean not null default true,
  scheduled_date date not null,
  scheduled_time text not null,
  end_date date,
  purpose text,
  passenger_count integer not null,
  notes text,
  assigned_resource_id uuid,
  assigned_driver_id uuid,
  cancelled_at timestamp with time zone,
  cancelled_by_id uuid,
  cancellation_reason text,
  cancellation_notes text,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  duration_minutes integer,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  span tstzmultirange,
  held tstzmultirange,
  is_exclusive boolean not null default false,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  distance_km double precision,
  amount double precision,
  resource_kind text,
  handovers jsonb not null default '[]'::jsonb,
  reassigned_by_id uuid,
  reassignment_reason text,
  stops jsonb,
  recurrence text,
  waiting_since timestamp with time zone,
  EXCLUDE USING gist (assigned_driver_id WITH =, span WITH &&) WHERE ((is_exclusive AND (status = ANY (ARRAY['ASSIGNED'::text, 'IN_PROGRESS'::text])))),
  EXCLUDE USING gist (assigned_resource_id WITH =, held WITH &&) WHERE ((is_exclusive AND (status = ANY (ARRAY['ASSIGNED'::text, 'IN_PROGRESS'::text])))),
  UNIQUE (org_id, booking_code),
  PRIMARY KEY (id),
  FOREIGN KEY (assigned_driver_id) REFERENCES users(id),
  FOREIGN KEY (assigned_resource_id) REFERENCES resources(id),
  FOREIGN KEY (cancelled_by_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (reassigned_by_id) REFERENCES users(id),
  FOREIGN KEY (requester_id) REFERENCES users(id),
  CHECK ((passenger_count >= 1))
);
CREATE INDEX bookings_by_driver ON public.bookings USING btree (assigned_driver_id, created_at DESC, id);
CREATE INDEX bookings_by_organisation ON public.bookings USING btree (org_id, created_at DESC, id);
CREATE INDEX bookings_by_requester ON public.bookings USING btree (requester_id, created_at DESC, id);
CREATE INDEX bookings_by_status ON public.bookings USING btree (org_id, status, created_at DESC, id);
CREATE INDEX bookings_by_text ON public.bookings USING gin (fold_text(((booking_code || ' '::text) || COALESCE(purpose, ''::text))) gin_trgm_ops);
CREATE INDEX bookings_by_time ON public.bookings USING gist (org_id, tstzrange(starts_at, ends_at)) WHERE (starts_at IS NOT NULL);
CREATE INDEX bookings_driven ON public.bookings USING gist (org_id, tstzrange(started_at, completed_at)) WHERE (started_at IS NOT NULL);
CREATE INDEX bookings_of_driver ON public.bookings USING btree (assigned_driver_id, ends_at);
CREATE INDEX bookings_of_resource ON public.bookings USING btree (assigned_resource_id, ends_at);
CREATE INDEX bookings_underway ON public.bookings USING btree (assigned_resource_id) WHERE (status = 'IN_PROGRESS'::text);
CREATE INDEX bookings_waiting ON public.bookings USING btree (org_id, waiting_since) WHERE (waiting_since IS NOT NULL);

create table calendar_feeds (
  id uuid not null,
  org_id uuid not null,
  owner_id uuid not null,
  resource_id uuid,
  created_at timestamp with time zone not null,
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (owner_id) REFERENCES users(id),
  FOREIGN KEY (resource_id) REFERENCES resources(id)
);
CREATE UNIQUE INDEX calendar_feeds_of_owner ON public.calendar_feeds USING btree (owner_id, resource_id) NULLS NOT DISTINCT;

create table decision_links (
  id uuid not null,
  org_id uuid not null,
  approval_id uuid not null,
  user_id uuid not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone,
  UNIQUE (approval_id, user_id),
  PRIMARY KEY (id),
  FOREIGN KEY (approval_id) REFERENCES approvals(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);

create table delegations (
  id uuid not null,
  org_id uuid not null,
  delegator_id uuid not null,
  delegate_id uuid not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone not null,
  PRIMARY KEY (id),
  FOREIGN KEY (delegate_id) REFERENCES users(id),
  FOREIGN KEY (delegator_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  CHECK ((from_at < until_at))
);
CREATE INDEX delegations_by_delegate ON public.delegations USING btree (delegate_id, until_at);
CREATE INDEX delegations_by_delegator ON public.delegations USING btree (delegator_id, until_at);

create table deliveries (
  id uuid not null,
  org_id uuid not null,
  notification_id uuid,
  channel text not null,
  status text not null,
  attempts integer not null default 0,
  last_error text,
  next_attempt_at timestamp with time zone,
  provider_response jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  user_id uuid,
  target_id uuid,
  job_id uuid,
  reason text,
  revived_after integer not null default 0,
  digest_id uuid,
  digest_at timestamp with time zone,
  PRIMARY KEY (id),
  FOREIGN KEY (digest_id) REFERENCES deliveries(id),
  FOREIGN KEY (notification_id) REFERENCES notifications(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX deliveries_by_digest ON public.deliveries USING btree (digest_id) WHERE (digest_id IS NOT NULL);
CREATE INDEX deliveries_by_target ON public.deliveries USING btree (target_id, created_at) WHERE (target_id IS NOT NULL);
CREATE INDEX deliveries_failed ON public.deliveries USING btree (org_id, updated_at DESC, id) WHERE (status = 'FAILED'::text);
CREATE UNIQUE INDEX deliveries_once ON public.deliveries USING btree (notification_id, channel, target_id) NULLS NOT DISTINCT WHERE (notification_id IS NOT NULL);
CREATE UNIQUE INDEX deliveries_one_digest ON public.deliveries USING btree (user_id, digest_at) WHERE (digest_at IS NOT NULL);

create table ended_keys (
  key_id uuid not null,
  ended_at timestamp with time zone not null,
  PRIMARY KEY (key_id),
  FOREIGN KEY (key_id) REFERENCES api_keys(id) ON DELETE CASCADE
);
CREATE INDEX ended_keys_by_end ON public.ended_keys USING btree (ended_at);

create table ended_sessions (
  session_id uuid not null,
  ended_at timestamp with time zone not null,
  PRIMARY KEY (session_id),
  FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);
CREATE INDEX ended_sessions_by_end ON public.ended_sessions USING btree (ended_at);

create table exports (
  id uuid not null,
  org_id uuid not null,
  asker_id uuid not null,
  scope text not null,
  format text not null,
  filter jsonb not null,
  status text not null default 'PENDING'::text,
  percent integer not null default 0,
  storage_key text not null,
  size bigint,
  sha256 text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  reason text,
  job_id uuid,
  claimed_until timestamp with time zone,
  PRIMARY KEY (id),
  FOREIGN KEY (asker_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX exports_by_end ON public.exports USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX exports_unfinished ON public.exports USING btree (org_id, created_at) WHERE (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text]));

create table fact_deliveries (
  id uuid not null,
  n bigint not null generated always as identity,
  org_id uuid not null,
  webhook_id uuid not null,
  fact_id uuid not null,
  event text not null,
  subject_id uuid not null,
  data jsonb,
  at timestamp with time zone not null,
  status text not null,
  attempts integer not null default 0,
  revived_after integer not null default 0,
  reason text,
  last_error text,
  next_attempt_at timestamp with time zone,
  provider_response jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  UNIQUE (webhook_id, fact_id),
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (webhook_id) REFERENCES webhooks(id)
);
CREATE INDEX fact_deliveries_by_age ON public.fact_deliveries USING btree (created_at);
CREATE INDEX fact_deliveries_by_webhook ON public.fact_deliveries USING btree (webhook_id, created_at DESC, id);
CREATE INDEX fact_deliveries_failed ON public.fact_deliveries USING btree (org_id, updated_at DESC, id) WHERE (status = 'FAILED'::text);
CREATE INDEX fact_deliveries_open ON public.fact_deliveries USING btree (webhook_id, subject_id, n) WHERE (status = 'PENDING'::text);

create table faq_answers (
  message_id uuid not null,
  faq_id uuid not null,
  room_id uuid not null,
  is_helpful boolean,
  at timestamp with time zone not null,
  PRIMARY KEY (message_id),
  FOREIGN KEY (faq_id) REFERENCES faqs(id),
  FOREIGN KEY (room_id) REFERENCES rooms(id)
);
CREATE INDEX faq_answers_by_room ON public.faq_answers USING btree (room_id);

create table faq_offers (
  message_id uuid not null,
  org_id uuid not null,
  room_id uuid not null,
  offered jsonb not null,
  choice text,
  chosen_faq_id uuid,
  at timestamp with time zone not null,
  PRIMARY KEY (message_id),
  FOREIGN KEY (chosen_faq_id) REFERENCES faqs(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (room_id) REFERENCES rooms(id)
);
CREATE INDEX faq_offers_by_room ON public.faq_offers USING btree (room_id);
CREATE INDEX faq_offers_newest ON public.faq_offers USING btree (org_id, at DESC, message_id);

create table faqs (
  id uuid not null,
  org_id uuid not null,
  question text not null,
  answer text not null,
  keywords text[] not null,
  alternative_questions text[] not null,
  category text,
  confidence_threshold integer not null,
  priority integer not null,
  is_active boolean not null,
  usage_count integer not null default 0,
  helpful_count integer not null default 0,
  unhelpful_count integer not null default 0,
  version integer not null default 1,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  folded_name text generated always as (fold_text(question)) stored,
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX faqs_by_organisation ON public.faqs USING btree (org_id, priority DESC, created_at, id) WHERE (deleted_at IS NULL);

create table files (
  id uuid not null,
  org_id uuid not null,
  uploader_id uuid not null,
  name text not null,
  content_type text not null,
  kind text not null,
  size bigint not null,
  sha256 text not null,
  storage_key text not null,
  room_id uuid,
  message_id uuid,
  "position" integer,
  created_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  booking_id uuid,
  UNIQUE (storage_key),
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (uploader_id) REFERENCES users(id),
  CHECK ((((message_id IS NULL) = (room_id IS NULL)) AND ((message_id IS NULL) = ("position" IS NULL)))),
  CHECK ((size >= 0))
);
CREATE INDEX files_by_message ON public.files USING btree (message_id, "position") WHERE (message_id IS NOT NULL);
CREATE INDEX files_removed ON public.files USING btree (removed_at) WHERE (removed_at IS NOT NULL);
CREATE INDEX files_unattached ON public.files USING btree (created_at) WHERE ((message_id IS NULL) AND (booking_id IS NULL) AND (removed_at IS NULL));

create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  request_hash text not null,
  status integer,
  headers jsonb,
  body jsonb,
  created_at timestamp with time zone not null,
  sources uuid[] not null default '{}'::uuid[],
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);
CREATE INDEX idempotency_keys_by_source ON public.idempotency_keys USING gin (sources);

create table inbox_conversations (
  room_id uuid not null,
  org_id uuid not null,
  customer_id uuid not null,
  assignee_id uuid,
  notes_room_id uuid,
  priority text not null default 'medium'::text,
  tags text[] not null default '{}'::text[],
  waiting_since timestamp with time zone,
  last_staff_at timestamp with time zone,
  welcomed_at timestamp with time zone,
  offline_told_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  attention_at timestamp with time zone,
  offer jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  rating smallint,
  PRIMARY KEY (room_id),
  FOREIGN KEY (assignee_id) REFERENCES users(id),
  FOREIGN KEY (customer_id) REFERENCES users(id),
  FOREIGN KEY (notes_room_id) REFERENCES rooms(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (room_id) REFERENCES rooms(id),
  CHECK (((rating >= 1) AND (rating <= 5)))
);
CREATE INDEX inbox_conversations_by_assignee ON public.inbox_conversations USING btree (assignee_id, room_id) WHERE (assignee_id IS NOT NULL);
CREATE INDEX inbox_conversations_by_customer ON public.inbox_conversations USING btree (customer_id);
CREATE INDEX inbox_conversations_by_notes ON public.inbox_conversations USING btree (notes_room_id) WHERE (notes_room_id IS NOT NULL);
CREATE INDEX inbox_conversations_waiting ON public.inbox_conversations USING btree (org_id, waiting_since, room_id) WHERE (waiting_since IS NOT NULL);

create table installation (
  id uuid not null default gen_random_uuid(),
  only_one boolean not null default true,
  messages_have_days_since timestamp with time zone not null default '-infinity'::timestamp with time zone,
  UNIQUE (only_one),
  PRIMARY KEY (id),
  CHECK (only_one)
);

create table issuers (
  id uuid not null,
  org_id uuid not null,
  name text not null,
  issuer text not null,
  audience text not null,
  jwks_url text,
  public_key text,
  shared_secret text,
  claims jsonb not null,
  role_map jsonb not null,
  default_role text,
  reaches text[] not null,
  provisioning text not null,
  email_domains text[] not null,
  subject_prefix text not null,
  is_enabled boolean not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  client_id text,
  client_secret text,
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  CHECK ((num_nonnulls(jwks_url, public_key, shared_secret) <= 1))
);
CREATE INDEX issuers_by_org ON public.issuers USING btree (org_id, created_at, id);
CREATE UNIQUE INDEX issuers_issuer_audience ON public.issuers USING btree (issuer, audience);

create table jobs (
  id uuid not null,
  name text not null,
  payload jsonb not null,
  due_at timestamp with time zone,
  request_id text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  shipped_at timestamp with time zone,
  failed_at timestamp with time zone,
  org_id uuid,
  failed_reason text,
  crashes integer not null default 0,
  failure_judged_at timestamp with time zone,
  PRIMARY KEY (id)
);
CREATE INDEX jobs_by_due_time ON public.jobs USING btree (COALESCE(due_at, created_at)) WHERE (failed_at IS NULL);
CREATE INDEX jobs_failed ON public.jobs USING btree (org_id, failed_at) WHERE (failed_at IS NOT NULL);
CREATE INDEX jobs_failed_unjudged ON public.jobs USING btree (failed_at) WHERE ((failed_at IS NOT NULL) AND (failure_judged_at IS NULL));
CREATE INDEX jobs_unshipped ON public.jobs USING btree (created_at) WHERE (shipped_at IS NULL);
CREATE INDEX jobs_unshipped_by_time ON public.jobs USING btree (COALESCE(due_at, '-infinity'::timestamp with time zone), created_at) WHERE (shipped_at IS NULL);

create table mail_hours (
  user_id uuid not null,
  hour timestamp with time zone not null,
  count integer not null,
  PRIMARY KEY (user_id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);

create table messages (
  room_id uuid not null,
  seq integer not null,
  id uuid not null,
  sender_id uuid,
  sender_type text not null default 'user'::text,
  message_type text not null default 'text'::text,
  content text not null,
  metadata jsonb,
  attachments jsonb not null default '[]'::jsonb,
  reply_to uuid,
  client_msg_id text,
  terms tsvector not null default ''::tsvector,
  is_edited boolean not null default false,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  deleted_by uuid,
  created_at timestamp with time zone not null,
  PRIMARY KEY (room_id, seq),
  FOREIGN KEY (deleted_by) REFERENCES users(id),
  FOREIGN KEY (room_id) REFERENCES rooms(id),
  FOREIGN KEY (sender_id) REFERENCES users(id)
);
CREATE UNIQUE INDEX messages_by_id ON public.messages USING btree (id);
CREATE UNIQUE INDEX messages_of_house_once ON public.messages USING btree (room_id, client_msg_id) WHERE ((sender_id IS NULL) AND (client_msg_id IS NOT NULL));
CREATE UNIQUE INDEX messages_once ON public.messages USING btree (room_id, sender_id, client_msg_id) WHERE (client_msg_id IS NOT NULL);
CREATE INDEX messages_terms ON public.messages USING gin (terms) WITH (gin_pending_list_limit='256');

create table notifications (
  id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  category text not null,
  type text not null,
  title text not null,
  message text not null,
  data jsonb not null default '{}'::jsonb,
  priority text not null,
  booking_id uuid,
  read_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null,
  link jsonb,
  sources uuid[] not null default '{}'::uuid[],
  awaits text[],
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX notifications_awaiting ON public.notifications USING gin (awaits) WHERE ((awaits IS NOT NULL) AND (read_at IS NULL) AND (deleted_at IS NULL));
CREATE INDEX notifications_by_age ON public.notifications USING btree (created_at);
CREATE INDEX notifications_by_category ON public.notifications USING btree (user_id, category, created_at DESC, id) WHERE (deleted_at IS NULL);
CREATE INDEX notifications_by_source ON public.notifications USING gin (sources);
CREATE INDEX notifications_by_user ON public.notifications USING btree (user_id, created_at DESC, id) WHERE (deleted_at IS NULL);
CREATE INDEX notifications_unread_newest ON public.notifications USING btree (user_id, created_at DESC, id) WHERE ((read_at IS NULL) AND (deleted_at IS NULL));
CREATE INDEX notifications_unread_of_approval ON public.notifications USING btree (((data ->> 'approvalId'::text))) WHERE ((read_at IS NULL) AND (deleted_at IS NULL));
CREATE INDEX notifications_unread_of_oneself ON public.notifications USING btree (user_id, created_at DESC, id) WHERE ((read_at IS NULL) AND (deleted_at IS NULL) AND (category <> 'audit'::text));

create table organisations (
  id uuid not null,
  name text not null,
  slug text not null,
  locale text not null default 'vi'::text,
  timezone text not null default 'Asia/Ho_Chi_Minh'::text,
  settings jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  weekly_hours jsonb,
  holidays jsonb not null default '[]'::jsonb,
  calendar_version integer not null default 1,
  version integer not null default 1,
  UNIQUE (slug),
  PRIMARY KEY (id)
);

create table outbox (
  id uuid not null,
  name text not null,
  channels text[] not null,
  data jsonb not null,
  at timestamp with time zone not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  PRIMARY KEY (id)
);

create table preferences (
  user_id uuid not null,
  org_id uuid not null,
  choices jsonb not null default '[]'::jsonb,
  quiet_hours jsonb,
  snooze_until timestamp with time zone,
  digest_at text,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (user_id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);

create table push_subscriptions (
  id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  endpoint text not null,
  keys jsonb not null,
  created_at timestamp with time zone not null,
  session_id uuid,
  UNIQUE (endpoint),
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX push_subscriptions_by_session ON public.push_subscriptions USING btree (session_id) WHERE (session_id IS NOT NULL);
CREATE INDEX push_subscriptions_by_user ON public.push_subscriptions USING btree (user_id);

create table received_events (
  id uuid not null,
  org_id uuid not null,
  event_id text not null,
  api_key_id uuid not null,
  type text not null,
  payload jsonb not null,
  received_at timestamp with time zone not null,
  told_at timestamp with time zone,
  UNIQUE (org_id, event_id),
  PRIMARY KEY (id),
  FOREIGN KEY (api_key_id) REFERENCES api_keys(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX received_events_by_age ON public.received_events USING btree (received_at);

create table recovery_codes (
  user_id uuid not null,
  hash text not null,
  PRIMARY KEY (user_id, hash),
  FOREIGN KEY (user_id) REFERENCES second_factors(user_id) ON DELETE CASCADE
);

create table recurring_jobs (
  name text not null,
  last_at timestamp with time zone not null,
  PRIMARY KEY (name)
);

create table refresh_tokens (
  hash text not null,
  session_id uuid not null,
  used_at timestamp with time zone,
  repeated_at timestamp with time zone,
  PRIMARY KEY (hash),
  FOREIGN KEY (session_id) REFERENCES sessions(id)
);
CREATE INDEX refresh_tokens_by_session ON public.refresh_tokens USING btree (session_id);

create table resources (
  id uuid not null,
  org_id uuid not null,
  kind text not null,
  name text not null,
  attributes jsonb not null default '{}'::jsonb,
  status text not null default 'AVAILABLE'::text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  folded_name text generated always as (fold_text(name)) stored,
  capacity integer,
  buffer_minutes integer not null default 0,
  booking_types text[],
  odometer_km double precision,
  needs_driver boolean not null default true,
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX resources_by_name_en ON public.resources USING btree (org_id, kind, name COLLATE "en-x-icu", id);
CREATE INDEX resources_by_name_vi ON public.resources USING btree (org_id, kind, name COLLATE "vi-x-icu", id);
CREATE INDEX resources_by_organisation ON public.resources USING btree (org_id, kind, name);
CREATE INDEX resources_by_parts ON public.resources USING gin (folded_name gin_trgm_ops);

create table room_events (
  room_id uuid not null,
  n integer not null,
  name text not null,
  subject_id uuid not null,
  at timestamp with time zone not null,
  PRIMARY KEY (room_id, n),
  FOREIGN KEY (room_id) REFERENCES rooms(id)
);

create table room_members (
  room_id uuid not null,
  user_id uuid not null,
  role_in_room text not null,
  delivered_seq integer not null default 0,
  read_seq integer not null default 0,
  joined_seq integer not null default 0,
  joined_at timestamp with time zone not null,
  has_unread boolean not null default true,
  PRIMARY KEY (room_id, user_id),
  FOREIGN KEY (room_id) REFERENCES rooms(id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX room_members_by_user ON public.room_members USING btree (user_id);
CREATE INDEX room_members_unread ON public.room_members USING btree (user_id) WHERE has_unread;

create table rooms (
  id uuid not null,
  org_id uuid not null,
  kind text not null,
  type text,
  name text,
  description text,
  avatar text,
  booking_id uuid,
  resource_id uuid,
  only_key text,
  status text not null default 'ACTIVE'::text,
  permissions jsonb,
  last_seq integer not null default 0,
  last_event integer not null default 0,
  untold_since timestamp with time zone,
  forgotten_seq integer not null default 0,
  last_message_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  continuation text,
  is_open_to_staff boolean not null default false,
  folded_name text generated always as (fold_text(name)) stored,
  active_hour timestamp with time zone generated always as ((date_trunc('hour'::text, (COALESCE(last_message_at, created_at) AT TIME ZONE 'UTC'::text)) AT TIME ZONE 'UTC'::text)) stored,
  PRIMARY KEY (id),
  FOREIGN KEY (booking_id) REFERENCES bookings(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (resource_id) REFERENCES resources(id)
);
CREATE INDEX rooms_by_activity ON public.rooms USING btree (org_id, active_hour DESC);
CREATE INDEX rooms_groups_en ON public.rooms USING btree (org_id, COALESCE(name, ''::text) COLLATE "en-x-icu", id) WHERE ((kind = 'GROUP'::text) AND (status <> 'CLOSED'::text));
CREATE INDEX rooms_groups_vi ON public.rooms USING btree (org_id, COALESCE(name, ''::text) COLLATE "vi-x-icu", id) WHERE ((kind = 'GROUP'::text) AND (status <> 'CLOSED'::text));
CREATE UNIQUE INDEX rooms_only ON public.rooms USING btree (org_id, only_key) WHERE (only_key IS NOT NULL);
CREATE INDEX rooms_open_to_staff ON public.rooms USING btree (org_id, active_hour DESC) WHERE is_open_to_staff;
CREATE INDEX rooms_open_to_staff_by_status ON public.rooms USING btree (org_id, status, active_hour DESC) WHERE is_open_to_staff;
CREATE INDEX rooms_open_to_staff_by_type ON public.rooms USING btree (org_id, type, active_hour DESC) WHERE is_open_to_staff;

create table second_factors (
  user_id uuid not null,
  secret text not null,
  last_step bigint,
  confirmed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  PRIMARY KEY (user_id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);

create table sessions (
  id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  user_agent text,
  ip text,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  issuer_id uuid,
  scopes text[],
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX sessions_by_end ON public.sessions USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX sessions_by_issuer ON public.sessions USING btree (issuer_id, user_id) WHERE (issuer_id IS NOT NULL);
CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id) WHERE (ended_at IS NULL);

create table socket_tickets (
  hash text not null,
  session_id uuid not null,
  expires_at timestamp with time zone not null,
  token_expires_at timestamp with time zone,
  PRIMARY KEY (hash),
  FOREIGN KEY (session_id) REFERENCES sessions(id)
);

create table ticket_counters (
  org_id uuid not null,
  last integer not null,
  PRIMARY KEY (org_id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);

create table ticket_timeline (
  id bigint not null generated always as identity,
  ticket_id uuid not null,
  at timestamp with time zone not null,
  actor_id uuid,
  what text not null,
  changes jsonb not null default '[]'::jsonb,
  PRIMARY KEY (id),
  FOREIGN KEY (actor_id) REFERENCES users(id),
  FOREIGN KEY (ticket_id) REFERENCES tickets(id)
);
CREATE INDEX ticket_timeline_by_ticket ON public.ticket_timeline USING btree (ticket_id, id);

create table ticket_totals (
  org_id uuid not null,
  priority text not null,
  type text not null,
  count bigint not null,
  rated bigint not null,
  rating_sum bigint not null,
  solved bigint not null,
  solution_seconds numeric not null,
  PRIMARY KEY (org_id, priority, type),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);

create table tickets (
  id uuid not null,
  org_id uuid not null,
  support_id integer not null,
  user_id uuid not null,
  station_id uuid,
  room_id uuid not null,
  type text not null,
  priority text not null,
  description text not null,
  status text not null default 'open'::text,
  response text,
  assignee_id uuid,
  rating integer,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  deleted_at timestamp with time zone,
  running_since timestamp with time zone,
  spent_ms bigint not null default 0,
  answered_at timestamp with time zone,
  answer_due_at timestamp with time zone,
  solution_due_at timestamp with time zone,
  answer_warn_at timestamp with time zone,
  solution_warn_at timestamp with time zone,
  answer_missed_at timestamp with time zone,
  solution_missed_at timestamp with time zone,
  UNIQUE (org_id, support_id),
  PRIMARY KEY (id),
  FOREIGN KEY (assignee_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (room_id) REFERENCES rooms(id),
  FOREIGN KEY (station_id) REFERENCES resources(id),
  FOREIGN KEY (user_id) REFERENCES users(id),
  CHECK (((rating >= 1) AND (rating <= 5)))
);
CREATE INDEX tickets_by_assignee ON public.tickets USING btree (assignee_id, created_at DESC, support_id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_organisation ON public.tickets USING btree (org_id, created_at DESC, id) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_priority ON public.tickets USING btree (org_id, priority, created_at DESC, support_id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_room ON public.tickets USING btree (room_id) WHERE (room_id IS NOT NULL);
CREATE INDEX tickets_by_station ON public.tickets USING btree (station_id, created_at DESC, id) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_status ON public.tickets USING btree (org_id, status, created_at DESC, support_id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_type ON public.tickets USING btree (org_id, type, created_at DESC, support_id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_user ON public.tickets USING btree (user_id, created_at DESC, id) WHERE (deleted_at IS NULL);

create table unanswered_questions (
  org_id uuid not null,
  key text not null,
  room_id uuid not null,
  text text not null,
  at timestamp with time zone not null,
  message_id uuid,
  PRIMARY KEY (org_id, key, room_id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  FOREIGN KEY (room_id) REFERENCES rooms(id)
);
CREATE INDEX unanswered_questions_by_message ON public.unanswered_questions USING btree (message_id);

create table users (
  id uuid not null,
  org_id uuid not null,
  email text not null,
  phone text,
  full_name text not null,
  role text not null,
  user_segment text,
  position_level text not null default 'STAFF'::text,
  manager_id uuid,
  department text,
  locale text,
  is_active boolean not null default true,
  password_hash text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  contact_email text,
  contact_phone text,
  folded_name text generated always as (fold_text(full_name)) stored,
  is_kept boolean not null default false,
  external_id text,
  may_be_invited boolean not null generated always as ((is_active AND (password_hash IS NULL) AND (email !~~ '%.invalid'::text))) stored,
  UNIQUE (email, org_id),
  UNIQUE (phone, org_id),
  PRIMARY KEY (id),
  FOREIGN KEY (manager_id) REFERENCES users(id),
  FOREIGN KEY (org_id) REFERENCES organisations(id),
  CHECK ((email = lower(email)))
);
CREATE INDEX users_by_manager ON public.users USING btree (manager_id) WHERE (manager_id IS NOT NULL);
CREATE INDEX users_by_name_en ON public.users USING btree (org_id, full_name COLLATE "en-x-icu", id);
CREATE INDEX users_by_name_vi ON public.users USING btree (org_id, full_name COLLATE "vi-x-icu", id);
CREATE INDEX users_by_organisation ON public.users USING btree (org_id, role);
CREATE INDEX users_by_parts ON public.users USING gin (folded_name gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops);
CREATE UNIQUE INDEX users_external_id ON public.users USING btree (org_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX users_inactive ON public.users USING btree (org_id) WHERE (NOT is_active);
CREATE INDEX users_silent_guests ON public.users USING btree (created_at, id) WHERE ((role = 'GUEST'::text) AND is_active AND (NOT is_kept));

create table webhooks (
  id uuid not null,
  org_id uuid not null,
  channel text not null,
  url text not null,
  categories jsonb,
  secret text not null,
  old_secret text,
  old_secret_until timestamp with time zone,
  failing_since timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_reason text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  events text[],
  form text not null default 'thin'::text,
  PRIMARY KEY (id),
  FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX webhooks_by_organisation ON public.webhooks USING btree (org_id, created_at) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX webhooks_one_gateway ON public.webhooks USING btree (org_id, channel) WHERE ((channel <> 'WEBHOOK'::text) AND (deleted_at IS NULL));
