-- Every query of the PostgreSQL store: its name, and a line on what it is for.

-- name: configure
-- Let no statement wait longer than somebody waits for it, and no forgotten transaction hold a lock.
-- Read in the order of an index rather than sort: the first few jobs are wanted, not all in order.
select set_config('statement_timeout', %(patience)s, false),
       set_config('idle_in_transaction_session_timeout', %(idle)s, false),
       set_config('timezone', 'UTC', false),
       set_config('enable_sort', 'off', false),
       set_config('enable_bitmapscan', 'off', false);

-- name: begin
-- Each statement sees what was committed before it: the lock on the head is taken first.
begin isolation level read committed;

-- name: read_everything
-- See one state of the whole store, however long it is read.
begin isolation level repeatable read read only;

-- name: never_give_up
-- A COMMIT that is cut short may be committed here, and not on the replica that it waits for.
set local statement_timeout = 0;

-- name: end
-- Make it true.
commit;

-- name: lock_head
-- Take the head; whoever has it is the only one who commits.
select position, hash from head for update;

-- name: end_frozen
-- Hang up on whoever has the head and says nothing: frozen in the midst of a pipeline, it has no
-- limit of its own there, and would hold up everybody for as long as it is frozen.
select pg_terminate_backend(pid)
from pg_locks join pg_stat_activity as client using (pid)
where relation = 'head'::regclass and mode = 'RowShareLock' and granted
  and client.datname = current_database() and client.usename = current_user
  and client.wait_event = 'ClientRead'
  and client.xact_start < clock_timestamp() - make_interval(secs => %(idle)s);

-- name: head
-- Read the newest position and its hash.
select position, hash from head;

-- name: token
-- Find the commit that carries this token.
select position from tokens where token = %(token)s;

-- name: lengths
-- Count the facts of incidents.
select incident, max(upto) as upto from streams where incident = any(%(incidents)s) group by incident;

-- name: owners
-- Say who holds these claims.
select kind, key, owner from claims
where (kind, key) in (select * from unnest(%(kinds)s::text[], %(keys)s::text[]));

-- name: owner
-- Say who holds one claim.
select owner from claims where kind = %(kind)s and key = %(key)s;

-- name: owned
-- List every claim of one kind.
select key, owner from claims where kind = %(kind)s order by key;

-- name: spent
-- Say what a request key was spent on.
select owner from spent where key = %(key)s;

-- name: fences
-- Hold these jobs still, and say which claim holds each.
select key, fence, lane from jobs where key = any(%(keys)s) order by key for update;

-- name: told
-- Read these messages as they stand.
select body from messages
where (channel, ts) in (select * from unnest(%(channels)s::text[], %(stamps)s::text[]));

-- name: advance
-- Move the head, leave the token, forget what is old, and wake whoever listens.
with moved as (update head set position = %(position)s, hash = %(hash)s),
     keys as (delete from spent where at < %(forget)s),
     old as (delete from tokens where at < %(forget)s),
     rested as (
         delete from rests where until <= %(at)s and (select count(*) from rests) > %(many)s
     ),
     noted as (insert into tokens (token, position, at) values (%(token)s, %(position)s, %(at)s))
select pg_notify('incident_responder', %(told)s);

-- name: tell
-- Keep what one commit told of one incident.
insert into streams (position, incident, before, count, at, records)
values (%(position)s, %(incident)s, %(before)s, %(count)s, %(at)s, %(records)s);

-- name: shape
-- Note that a shape of fact is in use.
insert into shapes (type, v) values (%(type)s, %(v)s) on conflict do nothing;

-- name: shapes
-- List the shapes of fact in use.
select type, v from shapes order by type, v;

-- name: kinds
-- List the kinds of job that are owed.
select distinct kind from jobs order by kind;

-- name: put_away
-- Leave the incident's facts before this one out of the feed.
update streams set away = least(count, %(seq)s - before)
where incident = %(incident)s and before < %(seq)s and away < count;

-- name: release
-- Let a claim go that this one holds.
delete from claims where kind = %(kind)s and key = %(key)s and owner = %(owner)s;

-- name: own
-- Take a claim, or keep it.
insert into claims (kind, key, owner) values (%(kind)s, %(key)s, %(owner)s)
on conflict (kind, key) do update set owner = excluded.owner;

-- name: spend
-- Note that a request key is spent.
insert into spent (key, owner, at) values (%(key)s, %(owner)s, %(at)s);

-- name: owe
-- Add a job at the end of its lane, not before it has rested; one that is owed is wanted again.
with rested as (delete from rests where key = %(key)s returning until)
insert into jobs (key, kind, priority, incident, lane, first, due, wanted_seq, attempts, reply)
values (
    %(key)s, %(kind)s, %(priority)s, %(incident)s, %(lane)s,
    not exists (select from jobs where lane = %(lane)s),
    greatest(%(due)s, (select until from rested)), %(wanted_seq)s, %(attempts)s, %(reply)s
)
on conflict (key) do update set wanted_seq = greatest(jobs.wanted_seq, excluded.wanted_seq);

-- name: put_back
-- Take back a job that was held, in its place.
update jobs
set kind = %(kind)s, priority = %(priority)s, incident = %(incident)s, due = %(due)s,
    wanted_seq = greatest(wanted_seq, %(wanted_seq)s), attempts = %(attempts)s, reply = %(reply)s,
    fence = null, held_until = null
where key = %(key)s;

-- name: finish
-- End a job that shows all that is wanted; a picture rests.
with done as (
    delete from jobs
    where key = %(key)s and fence = %(fence)s and wanted_seq <= %(wanted_seq)s
    returning key
)
insert into rests (key, until) select key, %(due)s from done where %(rests)s
on conflict (key) do update set until = excluded.until;

-- name: owe_again
-- Put a picture that shows too little at the end of its lane.
update jobs
set number = default, first = false, due = %(due)s, attempts = 0, fence = null, held_until = null
where key = %(key)s and fence = %(fence)s and wanted_seq > %(wanted_seq)s;

-- name: line_up
-- Let the next job of a lane be first.
update jobs set first = true
where key = (select key from jobs where lane = %(lane)s order by number limit 1) and not first;

-- name: claim_jobs
-- Take the first due job of each lane, the most urgent first. The priorities are gone through in
-- turn and no further than needed: no job is looked at, or locked, that is not taken.
with chosen as materialized (
    select due_now.key
    from (values (0), (1), (2), (3), (4)) as urgent (priority)
    cross join lateral (
        select key from jobs
        where first and priority = urgent.priority and due <= %(at)s and ready <= %(at)s
          and kind = any(%(kinds)s)
        order by priority, due, number
        limit %(lanes)s
        for update skip locked
    ) as due_now
    limit %(lanes)s
)
update jobs
set attempts = attempts + 1, fence = nextval('fences'), held_until = %(until)s, holder = %(holder)s
from chosen where jobs.key = chosen.key
returning jobs.key, kind, priority, number, incident, lane, due, wanted_seq, attempts, fence, reply;

-- name: free
-- End the leases of a bot that ends; what it started counts as an attempt.
update jobs set fence = null, held_until = null
where key in (
    select key from jobs where holder = %(holder)s and fence is not null order by key for update
);

-- name: renew
-- Hold jobs longer that are still held by who claimed them.
with held as (
    select key, fence from jobs where key = any(%(keys)s) order by key for update
)
update jobs set held_until = %(until)s
from held
where jobs.key = held.key
  and (held.key, held.fence) in (select * from unnest(%(keys)s::text[], %(fences)s::bigint[]))
returning jobs.key, jobs.fence;

-- name: next_due
-- Say when a job of these kinds can next be claimed.
select min(soonest.ready) from unnest(%(kinds)s::text[]) as known (kind)
cross join lateral (
    select ready from jobs where first and kind = known.kind order by ready limit 1
) as soonest;

-- name: say
-- Keep a message as it stands now.
insert into messages (channel, ts, body) values (%(channel)s, %(ts)s, %(body)s)
on conflict (channel, ts) do update set body = excluded.body;

-- name: transcript
-- Read a channel's messages, oldest first.
select body from messages where channel = %(channel)s order by ts;

-- name: said_by
-- Read the messages whose text names somebody as the author: theirs, and perhaps a few others.
select body from messages where position(%(named)s in body) > 0 order by channel, ts;

-- name: history
-- Read what was told of an incident, from the row that holds fact number `after` on.
select before, records from streams
where incident = %(incident)s and upto > %(after)s order by upto;

-- name: feed
-- Read the next commits that are not put away, whole.
select position, incident, away, records from streams
where away < count and position > %(after)s
  and position <= (
      select max(position) from (
          select position from streams where away < count and position > %(after)s
          order by position, incident limit %(page)s
      ) as next
  )
order by position, incident;

-- name: chronicle
-- Read the next commits, whole, put away or not.
select position, incident, before, at, records from streams
where position > %(after)s
  and position <= (
      select max(position) from (
          select position from streams where position > %(after)s
          order by position, incident limit %(page)s
      ) as next
  )
order by position, incident;

-- name: hold
-- Take or keep what one process may do at a time.
insert into holds (name, holder, until) values (%(name)s, %(holder)s, %(until)s)
on conflict (name) do update set holder = excluded.holder, until = excluded.until
where holds.holder = excluded.holder or holds.until <= %(at)s
returning name;

-- name: listen
-- Hear of every commit.
listen incident_responder;

-- name: server
-- Ask the server who it is and what time it is there.
select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
       clock_timestamp() as now;

-- name: fence
-- Read the newest number of a claim.
select case when is_called then last_value else 0 end from fences;

-- name: set_fence
-- Go on numbering claims from there.
select setval('fences', greatest(%(fences)s, 1), %(fences)s > 0);

-- name: every_claim
-- List the claims for a move.
select kind, key, owner from claims order by kind, key;

-- name: every_spent
-- List the request keys for a move.
select key, owner, at from spent order by at, key;

-- name: every_job
-- List the jobs for a move, each lane in order.
select key, kind, incident, lane, due, wanted_seq, attempts, 0 as fence, reply
from jobs order by lane, number;

-- name: every_rest
-- List the pictures that rest for a move.
select key, until from rests order by key;

-- name: every_message
-- List the messages for a move.
select body from messages order by channel, ts;

-- name: rest
-- Let a picture rest.
insert into rests (key, until) values (%(key)s, %(until)s);

-- name: set_head
-- Go on from where another store was.
update head set position = %(position)s, hash = %(hash)s;

-- name: one_migration_at_a_time
-- Wait until no other bot migrates this database.
select pg_advisory_xact_lock(hashtext('incident_responder migrations'));

-- name: note_migrations
-- Keep which migrations were made.
create table if not exists migrations (
    number integer primary key,
    name text not null,
    at timestamptz not null default clock_timestamp()
);

-- name: is_migrated
-- Say whether any migration was ever made.
select to_regclass('migrations') is not null;

-- name: migrations
-- List the migrations that were made.
select number, name from migrations order by number;

-- name: note_migration
-- Note that a migration was made.
insert into migrations (number, name) values (%(number)s, %(name)s);
