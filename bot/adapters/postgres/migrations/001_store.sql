-- The store's tables. Text is compared by code points, as Python does; bodies are text, not jsonb,
-- so that what is read is byte for byte what was written.

create table head (
    one boolean primary key default true check (one),
    position bigint not null,
    hash text not null
);
insert into head (position, hash) values (0, '');

-- What each commit told of an incident; the first `away` facts of it were put away.
create table streams (
    position bigint not null,
    incident text collate "C" not null,
    before integer not null,
    count integer not null,
    upto integer not null generated always as (before + count) stored,
    away integer not null default 0,
    at timestamptz not null,
    records text not null,
    primary key (position, incident)
);
create index streams_of_incident on streams (incident, upto);
create index streams_in_feed on streams (position, incident) where away < count;

-- Every shape of fact that was ever written, so that a bot that cannot read one sees it at once.
create table shapes (
    type text not null,
    v integer not null,
    primary key (type, v)
);

-- By which whoever did not hear the end of a commit finds it again.
create table tokens (
    token uuid primary key,
    position bigint not null,
    at timestamptz not null
);
create index tokens_by_age on tokens (at);

create table claims (
    kind text collate "C" not null,
    key text collate "C" not null,
    owner text not null,
    primary key (kind, key)
);

create table spent (
    key text collate "C" primary key,
    owner text not null,
    at timestamptz not null
);
create index spent_by_age on spent (at);

-- The job that is `first` in its lane may be claimed once it is `ready`. One that is held has a fence.
create sequence fences;
create table jobs (
    key text collate "C" primary key,
    kind text not null,
    priority smallint not null,
    incident text not null,
    lane text collate "C" not null,
    number bigint generated always as identity,
    first boolean not null default false,
    due timestamptz not null,
    wanted_seq integer not null,
    attempts integer not null,
    reply text,
    fence bigint,
    holder uuid,
    held_until timestamptz,
    ready timestamptz not null generated always as (greatest(due, held_until)) stored
);
create index jobs_in_lane on jobs (lane, number);
create index jobs_by_urgency on jobs (priority, due, number) where first;
create index jobs_by_kind on jobs (kind, ready) where first;
create index jobs_held on jobs (holder) where fence is not null;

create table rests (
    key text collate "C" primary key,
    until timestamptz not null
);

create table messages (
    channel text collate "C" not null,
    ts text collate "C" not null,
    body text not null,
    primary key (channel, ts)
);

create table holds (
    name text primary key,
    holder uuid not null,
    until timestamptz not null
);
