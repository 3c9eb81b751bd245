"""Statements and what a real PostgreSQL 15 answers to a superuser: rows, or code and words."""

ROWS = [
    ("select true" + " and true" * 2000 + " or true" * 2000, ["True"]),
    ("select 7 in (" + "1, " * 2000 + "7)", ["True"]),
    ("select 1", ["1"]),
    (
        "select 1, 'two' as b, true, null, -3, 2 * 3 + 1, 7 / 2, -7 / 2, -7 % 3, 1.5::float8",
        ["1|two|True|None|-3|7|3|-3|-1|1.5"],
    ),
    ("select 2147483647 + 1", "22003 integer out of range"),
    ("select 1 / 0", "22012 division by zero"),
    (
        "select 'a' || 'b', upper('x'), length('four'), left('abcdef', 3), coalesce(null, 'z')",
        ["ab|X|4|abc|z"],
    ),
    (
        "select 1 = 1.0, 'a' like 'A%%', 'a' ilike 'A%%', 'a_b' like 'a\\_b', 1 "
        "is distinct from null",
        ["True|False|True|True|True"],
    ),
    (
        "select null and false, null or true, not null::bool, null = null, 1 in (2, null)",
        ["False|True|None|None|None"],
    ),
    ("select 1 not in (2, 3), 2 between 1 and 3, 2 not between 1 and 3", ["True|True|False"]),
    (
        "select interval '90 minutes', interval '1 day 02:00:00.5', make_interval(mins => 5)",
        ["1:30:00|1 day, 2:00:00.500000|0:05:00"],
    ),
    (
        "select interval '1 hour' * 2 - interval '5 min', interval '1 hour' > interval '59 min'",
        ["1:55:00|True"],
    ),
    (
        "select extract(epoch from interval '2 min')::int, date_part('epoch', interval '90 s')",
        ["120|90.0"],
    ),
    (
        "select timestamptz '2026-01-15 14:00:00+00' + interval '5 minutes'",
        ["2026-01-15 14:05:00+00:00"],
    ),
    (
        "select timestamptz '2026-01-15 14:00+00' - timestamptz '2026-01-14 13:00:00+00'",
        ["1 day, 1:00:00"],
    ),
    (
        "select '2026-01-15T14:00:00.25Z'::timestamptz, '7'::int, 7::text, "
        "'on'::bool, '{1,2}'::int[]",
        ["2026-01-15 14:00:00.250000+00:00|7|7|True|[1, 2]"],
    ),
    (
        "select inet '10.0.0.1', host(inet '10.0.0.0/8'), cardinality('{1,2,3}'::int[])",
        ["10.0.0.1|10.0.0.0|3"],
    ),
    (
        "select 3 = any('{1,2,3}'), 3 <> all('{1,2}'::int[]), 'a' = any('{a,\"b c\"}')",
        ["True|True|True"],
    ),
    (
        "select current_user, session_user, current_database(), current_catalog",
        ["postgres|postgres|shop|shop"],
    ),
    (
        "select pg_is_in_recovery(), pg_backend_pid() > 0, now() = transaction_timestamp()",
        ["False|True|True"],
    ),
    (
        "select clock_timestamp() >= statement_timestamp(), now() > pg_postmaster_start_time()",
        ["True|True"],
    ),
    ("select version() like 'PostgreSQL 15%%', pg_blocking_pids(pg_backend_pid())", ["True|[]"]),
    ("select pid = pg_backend_pid() from pg_stat_activity where pid = pg_backend_pid()", ["True"]),
    (
        "select usename, datname, state, client_addr, backend_type, wait_event "
        "from pg_stat_activity a where a.pid = pg_backend_pid()",
        ["postgres|shop|active|127.0.0.1|client backend|None"],
    ),
    (
        "select query from pg_catalog.pg_stat_activity where pid = pg_backend_pid()",
        ["select query from pg_catalog.pg_stat_activity where pid = pg_backend_pid()"],
    ),
    (
        "select state, count(*), count(distinct usename), max(usename) from "
        "pg_stat_activity where pid = pg_backend_pid() group by state order by 2 "
        "desc, state nulls first limit 5",
        ["active|1|1|postgres"],
    ),
    ("select count(*) from pg_stat_activity where pid = -1", ["0"]),
    ("select count(*), max(pid), sum(pid) from pg_stat_activity where pid = -1 group by pid", []),
    ("select max(pid) from pg_stat_activity where pid = -1 order by 1 limit 0", []),
    (
        "select datname, numbackends > 0 from pg_stat_database where datname = 'shop'",
        ["shop|True"],
    ),
    (
        "select rolname, rolsuper, rolcanlogin from pg_roles where rolname in "
        "('bot', 'postgres') order by rolname desc",
        ["postgres|True|True", "bot|False|True"],
    ),
    ("select pid, client_addr from pg_stat_replication", []),
    ("select count(*) from pg_locks where not granted", ["0"]),
    (
        "select pg_has_role('pg_signal_backend', 'member'), pg_has_role('bot', "
        "'pg_monitor', 'usage')",
        ["True|True"],
    ),
    ("select pg_has_role('stranger', 'pg_read_all_stats', 'member')", ["False"]),
    ("select pg_has_role('nobody', 'member')", '42704 role "nobody" does not exist'),
    (
        "select current_setting('max_connections')::int, current_setting('nothing', true)",
        ["100|None"],
    ),
    ("select current_setting('nothing')", '42704 unrecognized configuration parameter "nothing"'),
    ("select pg_cancel_backend(null), pg_cancel_backend(1)", ["None|False"]),
    ("select pg_sleep(0)", [""]),
    ("show max_connections", ["100"]),
    ("show superuser_reserved_connections", ["3"]),
    ("show nothing", '42704 unrecognized configuration parameter "nothing"'),
    ("set statement_timeout = '90s'; show statement_timeout", "SET"),
    ("set statement_timeout to 1500; show statement_timeout", "SET"),
    (
        "set statement_timeout = 'soon'",
        '22023 invalid value for parameter "statement_timeout": "soon"',
    ),
    ("set application_name = 'it''s'; show application_name", "SET"),
    ("reset application_name", "RESET"),
    (
        "set max_connections = 5",
        '55P02 parameter "max_connections" cannot be changed without restarting the server',
    ),
    ("begin", "BEGIN"),
    ("begin isolation level repeatable read, read only; commit", "BEGIN"),
    ("rollback", "ROLLBACK"),
    ("deallocate all", "DEALLOCATE ALL"),
    ("deallocate nothing", '26000 prepared statement "nothing" does not exist'),
    ("", None),
    ("-- nothing", None),
    ("select 1; select 2", ["1"]),
    ("select", "SELECT 1"),
    ("selec 1", '42601 syntax error at or near "selec"'),
    ("select 1 1", '42601 syntax error at or near "1"'),
    ("select (1", "42601 syntax error at end of input"),
    ("select * from pg_stat_activity where", "42601 syntax error at end of input"),
    (
        "select pid from pg_stat_activity where nothing = 1",
        '42703 column "nothing" does not exist',
    ),
    ("select x.pid from pg_stat_activity a", '42P01 missing FROM-clause entry for table "x"'),
    ("select 1 from nothing", '42P01 relation "nothing" does not exist'),
    (
        "select pid from pg_stat_activity where pid",
        "42804 argument of WHERE must be type boolean, not type integer",
    ),
    (
        "select pid from pg_stat_activity where pid = 'x'",
        '22P02 invalid input syntax for type integer: "x"',
    ),
    (
        "select pid from pg_stat_activity where query_start > 'soon'",
        '22007 invalid input syntax for type timestamp with time zone: "soon"',
    ),
    (
        "select pid from pg_stat_activity where query = 5",
        "42883 operator does not exist: text = integer",
    ),
    (
        "select pid, count(*) from pg_stat_activity",
        '42803 column "pg_stat_activity.pid" must appear in the GROUP BY clause '
        "or be used in an aggregate function",
    ),
    (
        "select pid from pg_stat_activity order by 7",
        "42P10 ORDER BY position 7 is not in select list",
    ),
    ("select 1 limit -1", "2201W LIMIT must not be negative"),
    ("select nothing(1)", "42883 function nothing(integer) does not exist"),
    ("select lower(5)", "42883 function lower(integer) does not exist"),
    ("select 'x'::nothing", '42704 type "nothing" does not exist'),
    ("select interval 'long'", '22007 invalid input syntax for type interval: "long"'),
    ("select 99999999999::int", "22003 integer out of range"),
]
