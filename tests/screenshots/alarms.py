"""What alerts make people see; and what only some see: a private incident, and who comes late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Browser, expect

from bot.domain.telling import LATE
from sandbox.seed import ChannelSeed
from tests.conversations.stage import SEED, Stage

from .visitor import PRIVATELY, SLOW, Visitor, visiting

TOKEN = "a-token-of-alertmanager"
ENVIRONMENT = {"ALERTMANAGER_TOKEN": TOKEN, "no_proxy": "127.0.0.1"}
TRIAGE = ChannelSeed("CTRIAGE", "triage", ("UANA", "UBO", "UCY", "UBOT"))
WORKSPACE = replace(SEED, channels=(*SEED.channels, TRIAGE))
CONFIG = """
channels: {{announcements: CINCIDENTS, operators: COPS, triage: CTRIAGE}}
groups: {{on-call: [UCY], security: [USUE]}}
services:
  checkout: {{on_call: [UBO], depends_on: [payments]}}
  payments: {{}}
  mail: {{}}
alertmanager: {{url: "{alertmanager}"}}
alerts: {{quiet_minutes: 1}}
"""
SOME_MINUTES = timedelta(minutes=4)
QUIET = 90_000  # ms: the bot asks a minute after the last alert is over


class Monitoring:
    """Tells the bot of alerts, as Alertmanager does."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.began = datetime.now(UTC) - SOME_MINUTES

    async def tells(self, name: str, service: str, summary: str, **more: Any) -> None:
        """Tell that an alert fires, or that it is over."""
        severity, over = more.get("severity", "warning"), more.get("over", False)
        alert = {
            "status": "resolved" if over else "firing",
            "labels": {"alertname": name, "service": service, "severity": severity},
            "annotations": {"summary": summary},
            "startsAt": self.began.isoformat(),
            "endsAt": datetime.now(UTC).isoformat() if over else "0001-01-01T00:00:00Z",
            "generatorURL": "https://prometheus.example.com/graph",
            "fingerprint": name,
        }
        body = {
            "version": "4",
            "groupKey": name,
            "truncatedAlerts": 0,
            "status": alert["status"],
            "receiver": "incidents",
            "groupLabels": {"alertname": name},
            "commonLabels": alert["labels"],
            "commonAnnotations": alert["annotations"],
            "externalURL": "https://alertmanager.example.com",
            "alerts": [alert],
        }
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"http://127.0.0.1:{self.stage.port}/alerts/alertmanager"
        async with self.stage.http.post(url, json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()


async def suggested(bo: Visitor, monitoring: Monitoring) -> None:
    """See what is no incident yet."""
    summary = "mail-7d9f was OOMKilled 3 times in 10 minutes"
    await monitoring.tells("PodOOMKilled", "mail", summary)
    await bo.go("CTRIAGE")
    asked = await bo.sees("Is this an incident?")
    await bo.shoot("alert-suggested", asked)


async def opened(bo: Visitor, monitoring: Monitoring) -> None:
    """Run what opened by itself: a group of it is silenced, a rule disagreed with."""
    summary = "12 % of checkout's requests fail: connection refused by payments:8080"
    await monitoring.tells("CheckoutFails", "checkout", summary, severity="critical")
    await monitoring.tells("CheckoutSlow", "checkout", "p99 of checkout is 4 s: timeouts")
    await bo.to("inc-")
    await bo.clicks(await bo.card("CheckoutSlow"), "Acknowledge")
    await bo.card("by @bo")
    await bo.clicks(await bo.card(), "Silence")
    await bo.chooses("Which alerts", "CheckoutSlow")
    await bo.shoot("silence-form", bo.form)
    await bo.sends()
    card = await bo.card("silenced until")
    await bo.clicks(card, "Disagree")
    await bo.shoot("alert-card", await bo.card("Left out"))
    await bo.asks("update payments is rolled back, checkout should recover soon", "is told")
    await bo.asks("timeline the rollback of payments is through", "Entry")
    await bo.asks("action a canary for payments @cy", "canary")
    for name in ("CheckoutFails", "CheckoutSlow"):
        await monitoring.tells(name, "checkout", "", over=True)


async def stormy(cy: Visitor, monitoring: Monitoring) -> None:
    """See a storm: three incidents opened by alerts, the rest is one message."""
    for name in ("Login", "Search", "Upload", "Export", "Billing"):
        summary = f"{name.lower()} answers nothing but 500"
        await monitoring.tells(f"{name}Fails", name.lower(), summary, severity="critical")
    await cy.go("CTRIAGE")
    storm = await cy.sees("A storm")
    await expect(storm).to_contain_text("groups: 3", timeout=SLOW)
    await cy.shoot("alert-storm", storm)


async def privately(ana: Visitor) -> None:
    """Talk where only those who were chosen know of it."""
    await ana.says("/incident declare P1 private: A customer sees the orders of another")
    await ana.to("inc-")
    await ana.card("A customer")
    await ana.page.set_viewport_size({"width": 1000, "height": 800})
    await ana.shoot("private-channel")


async def coming_late(sue: Visitor, since: datetime) -> None:
    """Come to an incident that has gone on for a while."""
    waited = datetime.now(UTC) - since
    await sue.page.wait_for_timeout(max(0, (LATE - waited).total_seconds() + 1) * 1000)
    await sue.said("12 % of checkout").get_by_role("link", name="inc-").click()
    await sue.clicks(sue.page.locator("#front"), "Join")
    await sue.shoot("late-joiner", await sue.sees("Where it stands", PRIVATELY))


async def over(bo: Visitor) -> None:
    """Be asked whether that was all."""
    await bo.to("-of-checkout")
    asked = bo.said("have been quiet since")
    await expect(asked).to_be_visible(timeout=QUIET)
    await bo.shoot("alert-all-clear", asked)


async def play(stage: Stage, browser: Browser) -> None:
    """Live through it."""
    monitoring = Monitoring(stage)
    async with (
        visiting(stage, browser, "UANA") as ana,
        visiting(stage, browser, "UBO") as bo,
        visiting(stage, browser, "UCY") as cy,
        visiting(stage, browser, "USUE") as sue,
    ):
        await suggested(bo, monitoring)
        await opened(bo, monitoring)
        since = datetime.now(UTC)
        await stormy(cy, monitoring)
        await privately(ana)
        await over(bo)
        await coming_late(sue, since)
