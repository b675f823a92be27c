import type { Knex } from 'knex'

/** Everything that a booking needs to find its manager. Columns are explained where their shapes are declared (schema.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table organisations (
      id uuid primary key,
      name text not null,
      slug text not null unique,
      locale text not null default 'vi',
      timezone text not null default 'Asia/Ho_Chi_Minh',
      settings jsonb not null default '{}',
      created_at timestamptz not null
    );

    create table users (
      id uuid primary key,
      org_id uuid not null references organisations,
      email text not null unique check (email = lower(email)),
      phone text unique,
      full_name text not null,
      role text not null,
      user_segment text,
      position_level text not null default 'STAFF',
      manager_id uuid references users,
      department text,
      locale text,
      is_active boolean not null default true,
      password_hash text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index users_by_organisation on users (org_id, role);

    create table sessions (
      id uuid primary key,
      org_id uuid not null references organisations,
      user_id uuid not null references users,
      user_agent text,
      ip text,
      created_at timestamptz not null,
      last_used_at timestamptz not null,
      expires_at timestamptz not null,
      ended_at timestamptz
    );
    create index sessions_by_user on sessions (user_id) where ended_at is null;

    create table refresh_tokens (
      hash text primary key,
      session_id uuid not null references sessions,
      used_at timestamptz
    );
    create index refresh_tokens_by_session on refresh_tokens (session_id);

    create table socket_tickets (
      hash text primary key,
      session_id uuid not null references sessions,
      expires_at timestamptz not null
    );

    create table resources (
      id uuid primary key,
      org_id uuid not null references organisations,
      kind text not null,
      name text not null,
      attributes jsonb not null default '{}',
      status text not null default 'AVAILABLE',
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index resources_by_organisation on resources (org_id, kind, name);

    create table booking_counters (
      org_id uuid not null references organisations,
      scheduled_date date not null,
      last integer not null,
      primary key (org_id, scheduled_date)
    );

    create table bookings (
      id uuid primary key,
      org_id uuid not null references organisations,
      booking_code text not null,
      requester_id uuid not null references users,
      booking_type text not null,
      status text not null,
      approval_type text,
      is_business_trip boolean not null default true,
      scheduled_date date not null,
      scheduled_time text not null,
      end_date date,
      purpose text,
      passenger_count integer not null check (passenger_count >= 1),
      notes text,
      assigned_resource_id uuid references resources,
      assigned_driver_id uuid references users,
      cancelled_at timestamptz,
      cancelled_by_id uuid references users,
      cancellation_reason text,
      cancellation_notes text,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (org_id, booking_code)
    );
    create index bookings_by_organisation on bookings (org_id, created_at desc, id);
    create index bookings_by_requester on bookings (requester_id, created_at desc, id);
    create index bookings_by_driver on bookings (assigned_driver_id, created_at desc, id);

    create table approvals (
      id uuid primary key,
      org_id uuid not null references organisations,
      subject_type text not null,
      subject_id uuid not null,
      subject_label jsonb not null,
      approver_id uuid references users,
      requester_id uuid not null references users,
      approval_type text not null,
      status text not null,
      notes text,
      reminder_count integer not null default 0,
      last_reminder_at timestamptz,
      next_reminder_at timestamptz,
      responded_at timestamptz,
      decided_by text,
      decided_by_id uuid references users,
      on_behalf_of_id uuid references users,
      expires_at timestamptz,
      escalated_from_id uuid references approvals,
      continuation text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    -- A subject is routed once (escalations aside) and waits for one decision at a time.
    create unique index approvals_one_root on approvals (subject_type, subject_id) where escalated_from_id is null;
    create unique index approvals_one_open on approvals (subject_type, subject_id) where status = 'PENDING';
    create index approvals_by_subject on approvals (subject_id, created_at);
    create index approvals_by_approver on approvals (approver_id, created_at, id) where status = 'PENDING';
    create index approvals_by_requester on approvals (requester_id, created_at desc, id);

    create table delegations (
      id uuid primary key,
      org_id uuid not null references organisations,
      delegator_id uuid not null references users,
      delegate_id uuid not null references users,
      from_at timestamptz not null,
      until_at timestamptz not null,
      revoked_at timestamptz,
      created_at timestamptz not null,
      check (from_at < until_at)
    );
    create index delegations_by_delegator on delegations (delegator_id, until_at);
    create index delegations_by_delegate on delegations (delegate_id, until_at);

    create table notifications (
      id uuid primary key,
      org_id uuid not null references organisations,
      user_id uuid not null references users,
      category text not null,
      type text not null,
      title text not null,
      message text not null,
      data jsonb not null default '{}',
      priority text not null,
      booking_id uuid,
      read_at timestamptz,
      deleted_at timestamptz,
      created_at timestamptz not null
    );
    create index notifications_by_user on notifications (user_id, created_at desc, id) where deleted_at is null;
    create index notifications_unread on notifications (user_id) where read_at is null and deleted_at is null;

    create table deliveries (
      id uuid primary key,
      org_id uuid not null references organisations,
      notification_id uuid not null references notifications,
      channel text not null,
      status text not null,
      attempts integer not null default 0,
      last_error text,
      next_attempt_at timestamptz,
      provider_response jsonb,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (notification_id, channel)
    );

    create table audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      org_id uuid not null references organisations,
      actor_id uuid,
      on_behalf_of_id uuid,
      action text not null,
      entity text not null,
      entity_id uuid,
      description text not null,
      metadata jsonb not null default '{}',
      request_id text not null,
      ip text
    );
    create index audit_log_by_organisation on audit_log (org_id, id);

    create table jobs (
      id uuid primary key,
      name text not null,
      payload jsonb not null,
      due_at timestamptz,
      request_id text not null,
      created_at timestamptz not null default clock_timestamp(),
      shipped_at timestamptz,
      -- Given up until an operator retries it: not counted as lag, for nobody works on it.
      failed_at timestamptz
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
    create index jobs_unshipped on jobs (created_at) where shipped_at is null;

    create table outbox (
      id uuid primary key,
      name text not null,
      channels text[] not null,
      data jsonb not null,
      at timestamptz not null,
      created_at timestamptz not null default clock_timestamp()
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

    create table recurring_jobs (
      name text primary key,
      last_at timestamptz not null
    );

    create table idempotency_keys (
      user_id uuid not null references users,
      key text not null,
      request_hash text not null,
      status integer,
      headers jsonb,
      body jsonb,
      created_at timestamptz not null,
      primary key (user_id, key)
    );
    create index idempotency_keys_by_age on idempotency_keys (created_at);
  `)
}

/** Migrations only move forward. */
export async function down(): Promise<void> {
  throw new Error('Migrations only move forward: restore a backup instead.')
}
