import { FINGERPRINTED_BYTES } from '../../log/fingerprint.js';

/** The schema that everything of a cluster lies in. */
export const SCHEMA = 'dust_orm';

/** What is notified when a log has a new frame; the payload names the store. */
export const CHANNEL = 'dust_orm_log';

/** Where many nodes begin at once, one makes the tables: a number of no other meaning. */
const MAKING = 7_318_250_421;

export const IS_STANDBY = 'select pg_is_in_recovery() as standby';

/**
 * A commit that changes nothing, and waits for the synchronous standby as others do. Every user may. It is made within the statement, so that
 * the statement's timeout ends the wait, which PostgreSQL says as a warning then: else a server process would wait on where nobody asks
 * any more, one for each attempt to connect.
 */
export const CONFIRM = `do $$ begin perform pg_logical_emit_message(true, 'dust-orm', ''); commit; end $$`;

/** Ends no wait of a frame's commit: that is behind its statement. */
export const limitStatements = (ms: number): string => `set statement_timeout = ${Math.trunc(ms)}`;

/** Makes what is missing, once however many nodes begin at the same time. */
export const MAKE_TABLES = `
begin;
select pg_advisory_xact_lock(${MAKING});
create schema if not exists ${SCHEMA};
create table if not exists ${SCHEMA}.store (
  name text primary key,
  last bigint not null default 0,
  trimmed bigint not null default 0,
  time bigint not null default 0
);
create table if not exists ${SCHEMA}.frame (
  store text not null,
  position bigint not null,
  time bigint not null,
  bytes bytea not null,
  primary key (store, position)
);
alter table ${SCHEMA}.frame alter column bytes set storage external;
create table if not exists ${SCHEMA}.shelf_item (
  store text not null,
  name text not null,
  size bigint not null,
  parts integer not null,
  primary key (store, name)
);
create table if not exists ${SCHEMA}.shelf_part (
  store text not null,
  name text not null,
  part integer not null,
  bytes bytea not null,
  primary key (store, name, part)
);
commit;
`;

/** Whether the tables are there: a node with fewer rights needs no more than to read and write them. */
export const ARE_THERE = `select to_regclass('${SCHEMA}.shelf_part') is not null as there`;

export const ADD_STORE = `insert into ${SCHEMA}.store (name) values ($1) on conflict do nothing`;

/** Of a frame, as `fingerprintOf` makes it. */
const FINGERPRINT = `encode(sha256(convert_to(frame.time || ' ', 'UTF8') || substring(frame.bytes for ${FINGERPRINTED_BYTES})), 'base64')`;

/**
 * One statement, and so one trip: the row of the store is locked until the frame is committed, so that positions stand in the order of the
 * commits and none is missing. A sequence would promise neither. The time is the server's, and never goes back.
 */
export const APPEND = `
with place as (
  update ${SCHEMA}.store
  set last = last + 1,
      time = greatest(time, (extract(epoch from clock_timestamp()) * 1000)::bigint)
  where name = $1
    and ($3::bigint = 0 or $3 = trimmed or exists (select from ${SCHEMA}.frame where store = $1 and position = $3 and ${FINGERPRINT} = $4))
  returning last, time
), put as (
  insert into ${SCHEMA}.frame (store, position, time, bytes)
  select $1, last, time, $2 from place
  returning position
)
select position, pg_backend_pid() as process from put`;

/**
 * In a transaction of its own, behind that of the frame: PostgreSQL commits transactions that notify one after the other in all of a
 * database, each until its standby has it, so that the frames of one store would wait for those of others. This one writes nothing, and waits
 * for no disk.
 */
export const NOTIFY = `select pg_notify('${CHANNEL}', $1)`;

/** At most so many frames are looked at for one read. */
export const READ_FRAMES = 256;

export const READ = `
select position, time, bytes,
  (select ${FINGERPRINT} from ${SCHEMA}.frame where store = $1 and position = $2::bigint - 1) as follows
from (
  select position, time, bytes,
    sum(octet_length(bytes)) over (order by position) - octet_length(bytes) as before
  from ${SCHEMA}.frame
  where store = $1 and position >= $2 and position < $2::bigint + ${READ_FRAMES}
) as frames
where before = 0 or before < $3
order by position`;

export const BOUNDS = `
select last, trimmed,
  (select ${FINGERPRINT} from ${SCHEMA}.frame where store = $1 and position = $2) as known
from ${SCHEMA}.store where name = $1`;

/** From here on nothing before is read any more. */
export const TRIM = `
update ${SCHEMA}.store set trimmed = greatest(trimmed, least($2::bigint, last)) where name = $1 returning trimmed`;

/** Some at a time: a statement that takes long would be given up, and nothing that waits for it would go on. */
export const DELETE_FRAMES = `
with gone as (
  delete from ${SCHEMA}.frame where store = $1 and position in (
    select position from ${SCHEMA}.frame where store = $1 and position <= $2 order by position limit 500
  ) returning 1
)
select count(*)::integer as gone from gone`;

export const SHELF_ADD_PART = `
insert into ${SCHEMA}.shelf_part (store, name, part, bytes) values ($1, $2, $3, $4)
on conflict (store, name, part) do update set bytes = excluded.bytes`;

export const SHELF_ADD = `
insert into ${SCHEMA}.shelf_item (store, name, size, parts) values ($1, $2, $3, $4) on conflict do nothing`;

export const SHELF_ITEM = `select size, parts from ${SCHEMA}.shelf_item where store = $1 and name = $2`;

export const SHELF_PART = `select bytes from ${SCHEMA}.shelf_part where store = $1 and name = $2 and part = $3`;

export const SHELF_LIST = `
select name, size from ${SCHEMA}.shelf_item where store = $1 and starts_with(name, $2) order by name`;

export const SHELF_REMOVE = `delete from ${SCHEMA}.shelf_item where store = $1 and name = $2`;

/** See {@link DELETE_FRAMES}. */
export const SHELF_DELETE_PARTS = `
with gone as (
  delete from ${SCHEMA}.shelf_part where store = $1 and name = $2 and part in (
    select part from ${SCHEMA}.shelf_part where store = $1 and name = $2 limit 100
  ) returning 1
)
select count(*)::integer as gone from gone`;

export const HAS_STORE = `select exists (select from ${SCHEMA}.store where name = $1) as there`;

export const INSPECT = `
select current_setting('server_version') as version,
  (select coalesce(sum(octet_length(bytes)), 0) from ${SCHEMA}.frame where store = $1) as bytes,
  (extract(epoch from clock_timestamp()) * 1000)::bigint as time,
  current_setting('synchronous_commit') as commit`;

export const STANDBYS = `
select coalesce(application_name, '') as name, state, sync_state as sync,
  pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint as behind
from pg_stat_replication order by application_name`;
