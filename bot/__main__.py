"""Puts the bot together and runs it. The only file that knows every concrete class."""

import asyncio
import gc
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial

import structlog
from aiohttp.web import Application
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

import handlers
import handlers.local
import handlers.web
from bot.adapters import logs
from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.events import EventFile
from bot.adapters.folder import Folder
from bot.adapters.journal import Corrupt
from bot.adapters.log import LogNotifier
from bot.adapters.postgres import PostgresStore
from bot.adapters.slack import REQUIRED_SCOPES, SlackChat
from bot.adapters.slack import client as slack_client
from bot.adapters.socket import Socket, admitted
from bot.adapters.telemetry import Counted
from bot.adapters.throttle import Throttle
from bot.adapters.tinydb import TinyStore
from bot.adapters.unix import UnixDoor
from bot.adapters.webhook import Webhook
from bot.domain.errors import Refused
from bot.domain.records import TooNew
from bot.ports import Chat, Clock, Notifier, Older, Rejected, Rules, Store, Telemetry, Unavailable
from bot.production import Production, answering, at, once_known, practice, silencers, sources
from bot.render import Wording
from bot.settings import ConfiguredRules, Environment, Mistakes, read
from bot.sources import Practice, Silencer
from bot.usecases.archivist import Archivist
from bot.usecases.board import Board
from bot.usecases.declarations import Declarations
from bot.usecases.drills import Drills
from bot.usecases.exporter import Exporter
from bot.usecases.exports import Exports
from bot.usecases.handouts import Handouts
from bot.usecases.health import Health, Probe
from bot.usecases.incidents import Incidents
from bot.usecases.intake import Intake
from bot.usecases.payments import Means, effects
from bot.usecases.people import People
from bot.usecases.presence import Presence
from bot.usecases.probes import MINUTE, QUARTER, SOMETIMES, SOON, identity_probes, probes
from bot.usecases.stages import Catalogues, Practised, Stages
from bot.usecases.story import Stories
from bot.usecases.transcripts import Transcripts
from bot.usecases.watch import Sources, Watch
from bot.usecases.worker import Worker
from handlers.desk import Desk
from handlers.door import Door

log = structlog.get_logger()

GRACE = 3.0  # seconds, at the end, for those who wait for an answer; running jobs have as long


@dataclass(frozen=True, slots=True)
class Outside:
    """One of each port: the real ones, or their twins in a test."""

    store: Store
    chat: Chat
    notifier: Notifier
    rules: Rules
    clock: Clock
    telemetry: Telemetry
    silencers: Mapping[str, Silencer] = field(default_factory=dict)
    sources: Sources | None = None
    practice: Practice | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """The bot, wired."""

    desk: Desk
    worker: Worker
    health: Health
    presence: Presence
    intake: Intake
    watch: Watch | None
    stages: Stages

    def back(self) -> None:
        """Note that Slack has opened a connection to us."""
        self.worker.back()
        self.presence.back()


def assemble(outside: Outside, wording: Wording) -> Inside:
    """Wire the bot."""
    store, clock, catalogues = outside.store, outside.clock, Catalogues()
    rules = Practised(outside.rules, catalogues)
    incidents, board = Incidents(store, rules, clock), Board(store, clock)
    intake = Intake(store, incidents, board, rules, clock)
    take, looked_at = once_known(board, intake), outside.sources
    watch = Watch(store, rules, looked_at, take, clock) if looked_at else None
    stories = Stories(store, outside.chat, wording, clock)
    declarations = Declarations(store, incidents, board, clock)
    stages = Stages(store, incidents, board, rules, clock, outside.practice, catalogues)
    drills = Drills(store, board, declarations, stages)
    handouts = Handouts(outside.chat, rules, stories, Exports(store, stories), wording)
    means = Means(
        *(outside.chat, board, rules, wording, clock, store, handouts),
        redraw=incidents.owe_homes,
        owe=incidents.owe,
        silencers=outside.silencers,
        finding=watch.finding if watch else None,
        drills=drills,
    )
    worker = Worker(store, incidents, effects(means), clock, outside.telemetry)
    health = Health(incidents, rules, outside.notifier, wording, clock)
    transcripts = Transcripts(store, wording, clock)
    people = People(outside.chat, clock)
    desk = Desk(
        *(incidents, declarations, board, transcripts, stories, health, people),
        *(rules, wording, clock, drills),
    )
    return Inside(desk, worker, health, Presence(store, board, clock), intake, watch, stages)


class Fatal(Exception):
    """Why the bot cannot start."""


async def run(
    environment: Environment, rules: ConfiguredRules, hup: asyncio.Event, clock: Clock
) -> None:
    """Serve Slack, probes and the jobs owed until stopped."""
    telemetry = Counted()
    wording = Wording(rules.configuration.command)
    client = slack_client(
        environment.slack_bot_token.get_secret_value(), environment.slack_api_url
    )
    chat = SlackChat(client, Throttle(clock))
    async with AsyncExitStack() as opened:
        store = await _store(environment, clock)
        opened.push_async_callback(store.close)
        gc.collect()
        gc.freeze()  # what was read stays: looking through it again would stop everything
        notifier, quiet = _notifier(rules), silencers(environment, rules)
        looked_at = sources(environment, rules)
        outside = Outside(
            *(store, chat, notifier, rules, clock, telemetry, quiet, looked_at),
            practice(environment, rules),
        )
        inside = assemble(outside, wording)
        door = _door(inside.desk, rules, client, chat, environment)
        door.telemetry = telemetry
        pages = handlers.web.application(inside.health, telemetry.page)
        production = Production(
            *(outside.store, outside.telemetry, outside.clock, environment, rules),
            *(looked_at, inside.stages),
        )
        own = [*production.hear(pages, inside.desk, inside.intake), *answering(quiet)]
        if not environment.slack_app_token:
            door.serve(pages)
        inside.stages.address = at(environment.host, await _listen(pages, environment, opened))
        local = _local(inside.desk, rules, environment, outside)
        exporter = Exporter(store, EventFile(environment.event_log), clock)
        opened.push_async_callback(exporter.close)  # after the worker's last commit
        folder = Folder(environment.data_dir / "exports")
        opened.callback(folder.close)
        desk = inside.desk
        archivist = Archivist(store, desk.board, desk.stories, folder, clock)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(local.run())  # Slack may take long to answer, or be away
            await _preflight(chat, client, environment)
            tasks.create_task(exporter.run())
            tasks.create_task(archivist.run())
            tasks.create_task(_reload(rules, inside.health, hup))
            own += [
                Probe("exports", exporter.check, patience=QUARTER, every=SOON),
                Probe("archive", archivist.check, patience=MINUTE, every=SOMETIMES),
                Probe("local", local.check),
            ]
            own += production.watch(tasks, inside.desk, inside.watch, inside.health)
            tasks.create_task(_serve(inside, outside, door, environment, own))


async def _listen(pages: Application, environment: Environment, opened: AsyncExitStack) -> int:
    try:
        port = await opened.enter_async_context(
            handlers.web.listening(pages, environment.host, environment.port)
        )
    except OSError as error:
        place = f"{environment.host} port {environment.port}"
        msg = f"Cannot listen on {place}: {error.strerror}"
        raise Fatal(msg) from error
    log.info("listening", port=port)
    return port


async def _serve(
    inside: Inside, outside: Outside, door: Door, environment: Environment, own: Sequence[Probe]
) -> None:
    board = inside.desk.board
    watched = [
        *probes(outside.store, board, outside.chat, outside.rules, inside.worker),
        *identity_probes(outside.chat, outside.clock, REQUIRED_SCOPES),
        *own,
    ]
    if isinstance(outside.store, PostgresStore):
        watched.append(Probe("clocks", outside.store.check_clocks, every=MINUTE))
    async with asyncio.TaskGroup() as tasks:
        if token := environment.slack_app_token:
            emptied = partial(door.emptied, GRACE)
            socket = Socket(door, token.get_secret_value(), emptied, inside.back)
            watched.append(Probe("socket", socket.check, needed=True, patience=MINUTE))
            tasks.create_task(socket.run())
        else:
            inside.presence.back()
            tasks.create_task(door.open_until_cancelled(GRACE))
        tasks.create_task(board.follow())
        tasks.create_task(inside.desk.people.run())
        tasks.create_task(inside.presence.run())
        tasks.create_task(inside.worker.run())
        tasks.create_task(inside.health.watch(watched, outside.telemetry))


async def _store(environment: Environment, clock: Clock) -> Store:
    url, folder = environment.database_url, environment.data_dir
    place = "in DATABASE_URL" if url else f"in {folder}"
    try:
        if url:
            return await PostgresStore(url.get_secret_value(), clock).open()
        return TinyStore(LocalDisk(folder), clock)
    except (Unavailable, Corrupt, TooNew, OSError) as error:
        msg = f"The data {place} cannot be used: {error}"
        raise Fatal(msg) from error


def _notifier(rules: ConfiguredRules) -> Notifier:
    url = rules.configuration.operators.webhook
    return Webhook(str(url)) if url else LogNotifier()


def _local(
    desk: Desk, rules: ConfiguredRules, environment: Environment, outside: Outside
) -> UnixDoor:
    pages = handlers.local.application(
        desk, lambda: rules.configuration.local.people, outside.telemetry
    )
    group = rules.configuration.local.group
    return UnixDoor(pages, environment.socket, outside.clock, group)


def _door(
    desk: Desk,
    rules: ConfiguredRules,
    client: AsyncWebClient,
    chat: SlackChat,
    environment: Environment,
) -> Door:
    async def authorize(**_: object) -> AuthorizeResult:
        me = chat.me
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team if me else None,
            bot_token=environment.slack_bot_token.get_secret_value(),
            bot_user_id=me.user if me else None,
            bot_id=me.bot if me else None,
        )

    secret = environment.slack_signing_secret
    return handlers.application(
        desk,
        rules.configuration.command,
        client=client,
        authorize=authorize,
        signing_secret=secret.get_secret_value() if secret else "",
    )


async def _preflight(chat: SlackChat, client: AsyncWebClient, environment: Environment) -> None:
    """Stop at once where no waiting helps; whatever else is wrong is watched from now on."""
    try:
        await chat.whoami()
        if environment.slack_app_token:
            await admitted(client, environment.slack_app_token.get_secret_value())
    except (Rejected, Refused) as error:
        msg = f"{error}. Look at SLACK_BOT_TOKEN and SLACK_APP_TOKEN."
        raise Fatal(msg) from error
    except Unavailable as error:
        log.warning("starting without Slack", trouble=str(error))


async def _reload(rules: ConfiguredRules, health: Health, hup: asyncio.Event) -> None:
    """Read the configuration again at each SIGHUP; a file with mistakes changes nothing."""
    while True:
        await hup.wait()
        hup.clear()
        try:
            rules.reload()
        except Mistakes as mistakes:
            await health.report("config", str(mistakes))
        else:
            log.info("configuration read")
            await health.report("config", None)


async def _until_stopped(environment: Environment, rules: ConfiguredRules, clock: Clock) -> None:
    task, loop, hup = asyncio.current_task(), asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, hup.set)
    if task:
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
    ended: BaseException | None = None
    try:
        with suppress(asyncio.CancelledError):
            await run(environment, rules, hup, clock)
    except* (Fatal, TooNew, Older) as group:
        ended = group
    while isinstance(ended, BaseExceptionGroup):
        ended = ended.exceptions[0]
    if isinstance(ended, Fatal):
        raise ended
    if ended:
        msg = f"What I know of the data is not so any more: {ended}. Start me again"
        raise Fatal(msg) from ended


def main(arguments: Sequence[str] = (), clock: Clock | None = None) -> int:
    """Run the bot; return the exit status: 2 for settings with mistakes, 1 for other ends."""
    logs.configure()
    try:
        environment, rules = read()
    except Mistakes as mistakes:
        print(f"The settings have mistakes:\n{mistakes}", file=sys.stderr)  # noqa: T201 -- the last word
        return 2
    try:
        asyncio.run(_until_stopped(environment, rules, clock or SystemClock()))
    except Fatal as fatal:
        print(fatal, file=sys.stderr)  # noqa: T201 -- the last word
        return 1
    except KeyboardInterrupt:
        log.info("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
