"""A whole incident, and what else people meet: each scene leaves its pictures."""

from playwright.async_api import Browser, expect

from tests.browser import NARROW
from tests.conversations.stage import Stage
from tests.sandbox.pages import composer

from .visitor import SLOW, Visitor, visiting

TITLE = "Checkout fails for every second customer"


async def declaring(ana: Visitor) -> None:
    """Ask, mistype, fill in the form wrongly, declare in one line."""
    await composer(ana.page).fill("/inc")
    await expect(ana.page.get_by_role("listbox")).to_be_visible()
    await ana.shoot("completion")
    await ana.shoot("help", await ana.asks("help declare", "has examples"))
    await ana.shoot("mistyped", await ana.asks("statsu", "Did you mean"))
    await ana.says("/incident declare")
    await ana.field("What is wrong?").fill("   ")
    await ana.chooses("How bad is it?", "P1 high")
    await ana.form.locator(".modal-submit").click()
    await expect(ana.form.locator("[aria-invalid=true]")).to_have_count(1)
    await ana.shoot("declare-form", ana.form)
    await ana.leaves()
    await ana.says("We have an outage: nobody can pay")
    offer = await ana.sees("sounds like")
    await ana.shoot("offer", offer)
    await ana.clicks(offer, "Dismiss message")
    await ana.shoot("declared", await ana.asks(f"declare {TITLE}", "How bad is it?"))


async def triaging(ana: Visitor) -> None:
    await ana.to("inc-")
    await ana.card()
    await ana.card("paged")
    await ana.shoot("card-new", await ana.card())
    await ana.clicks(await ana.card(), "Acknowledge")
    await ana.card("by @ana")
    await ana.clicks(await ana.card(), "Triage")
    await ana.chooses("How bad is it?", "P1 high")
    await ana.chooses("Which services", "checkout", "payments")
    await ana.field("What do users notice?").fill("One payment in two answers 500")
    await ana.shoot("triage-form", ana.form)
    await ana.sends()
    await ana.card("investigating")


async def helping(bo: Visitor) -> None:
    """Come along, see how it stands, say what is known."""
    await bo.to("incidents")
    await bo.said("Checkout").get_by_role("link", name="inc-").click()
    await bo.clicks(bo.page.locator("#front"), "Join")
    await bo.says("Payments answer 500 since 10:02, just after the 10:00 release")


async def running(ana: Visitor) -> None:
    await ana.replies("since 10:02", "Rolling back, <@UBO> please watch the graphs")
    await expect(ana.said("since 10:02")).to_contain_text("1 reply")
    await ana.page.get_by_role("button", name="Close the thread").click()
    await ana.clicks(await ana.card(), "Post update")
    field = ana.field("What should everybody know?")
    await field.fill("We roll the 10:00 release back; payments should work again at half past.")
    await ana.field("Next update").fill("20")
    await ana.shoot("update-form", ana.form)
    await ana.sends()
    await ana.sees("next update by")
    await ana.at_message("since 10:02", "Add to timeline")
    await ana.sees("In the timeline of")
    await ana.clicks(await ana.card(), "Add action item")
    await ana.field("What has to be done?").fill("Alert on the share of failed payments")
    await ana.shoot("action-form", ana.form)
    await ana.sends()
    await ana.asks("action A canary for the payment service @bo due friday !high", "canary")
    await ana.shoot("actions", await ana.asks("action", "To do"))
    await ana.asks("timeline 10:00 the release went out", "Entry")
    await ana.clicks(await ana.card(), "Timeline")
    told = await ana.sees("Timeline of INC", "times are UTC")
    await ana.shoot("timeline", told)
    await ana.clicks(told, "Edit")
    await ana.shoot("note-form", ana.form)
    await ana.leaves()
    await ana.asks("status mitigating", "mitigating")
    await ana.shoot("status", await ana.asks("status", "mitigating"))
    await ana.shoot("card", await ana.card())
    await ana.page.set_viewport_size({"width": 1000, "height": 800})
    await ana.shoot("channel")
    await ana.page.set_viewport_size({"width": 1000, "height": 1400})


async def looking_around(ana: Visitor) -> None:
    """Ask what there is."""
    await ana.to("incidents")
    await ana.says("/incident declare P1 [search] Search is slow")
    await ana.sees("Search is slow")
    await ana.shoot("alike", await ana.sees("Open already"))
    await ana.shoot("list", await ana.asks("list", "Open incidents: "))
    await ana.shoot("stats", await ana.asks("stats", "2 incidents"))
    await ana.shoot("doctor", await ana.asks("doctor", "works"))


async def handing_over(ana: Visitor, bo: Visitor) -> None:
    await ana.to("-001-")
    await ana.clicks(await ana.card(), "Hand over")
    await ana.chooses("To whom?", "bo")
    await ana.field("What should they know?").fill("The rollback is half done; Cy looks on.")
    await ana.shoot("handover-form", ana.form)
    await ana.sends()
    await bo.go("DM")
    asked = await bo.sees("asks you to be")
    await bo.shoot("handover", asked)
    await bo.clicks(asked, "Accept")


async def following(ana: Visitor, sue: Visitor) -> None:
    """Follow from afar."""
    announced = await sue.sees("Last update")
    await sue.says("/incident subscribe")
    asked = await sue.sees("Which incident?")
    await sue.shoot("which", asked)
    await asked.get_by_role("combobox").click()
    await sue.offered("Checkout").click()
    await sue.sees("I keep you told")
    await ana.asks("status monitoring the rollback is through", "Because")
    await sue.shoot("announcement", announced)
    await sue.clicks(announced, "repl")
    thread = sue.page.locator("#thread")
    await expect(thread).to_contain_text("monitoring", timeout=SLOW)
    await sue.shoot("announcement-thread", thread)
    await sue.go("DM")
    await sue.shoot("subscription", await sue.sees("You subscribed"))


async def at_home(bo: Visitor) -> None:
    await bo.go("home")
    home = bo.page.get_by_role("tabpanel")
    await expect(home).to_contain_text("Checkout", timeout=SLOW)
    await bo.shoot("home", home.locator("xpath=./*[1]"))


async def paged(cy: Visitor) -> None:
    await cy.go("DM")
    page = await cy.sees("You are paged")
    await cy.shoot("page", page)


async def resolving(ana: Visitor, bo: Visitor) -> None:
    await bo.to("-001-")
    await bo.shoot("catch-up", await bo.asks("catchup", "Where it stands"))
    await bo.clicks(await bo.card(), "Resolve")
    await bo.chooses("Was data lost?", "No")
    await bo.field("What was the cause?").fill("The 10:00 release dropped a database index")
    await bo.field("What fixed it for now?").fill("Rolling it back")
    await bo.shoot("resolve-form", bo.form)
    await bo.sends()
    await bo.card("resolved")
    written = await bo.sees("The post-mortem as the facts tell it")
    await bo.shoot("postmortem", written)
    await bo.shoot("resolved", await bo.sees("Answer open questions"))
    await bo.card("Post-mortem")
    await bo.shoot("card-resolved", await bo.card())


async def none_at_all(ana: Visitor) -> None:
    """False alarms, duplicates, secrets."""
    await ana.to("incidents")
    await ana.at_message("We have an outage", "Declare incident")
    await expect(ana.field("What is wrong?")).not_to_have_value("", timeout=SLOW)
    await ana.shoot("declare-from-message", ana.form)
    await ana.sends()
    await ana.at_message("We have an outage", "Create action item")
    await expect(ana.field("What has to be done?")).not_to_have_value("", timeout=SLOW)
    await ana.shoot("action-from-message", ana.form)
    await ana.leaves()
    await ana.to("-003-")
    await ana.shoot("merge", await ana.asks("merge", "the same as"))
    await ana.says("/incident decline")
    await expect(ana.form).to_be_visible()
    await ana.shoot("decline-form", ana.form)
    await ana.leaves()
    await ana.says("/incident private")
    await expect(ana.form).to_be_visible()
    await ana.shoot("private-form", ana.form)
    await ana.sends()


async def from_a_phone(stage: Stage, browser: Browser) -> None:
    """See it on a narrow screen, at night."""
    async with visiting(stage, browser, "UBO", NARROW, color_scheme="dark") as bo:
        await bo.said("Search is slow").get_by_role("link", name="inc-").click()
        await bo.card("Search")
        await bo.shoot("narrow")


async def play(stage: Stage, browser: Browser) -> None:
    """Live the whole of it."""
    async with (
        visiting(stage, browser, "UANA") as ana,
        visiting(stage, browser, "UBO") as bo,
        visiting(stage, browser, "UCY") as cy,
        visiting(stage, browser, "USUE") as sue,
    ):
        await declaring(ana)
        await triaging(ana)
        await helping(bo)
        await running(ana)
        await looking_around(ana)
        await handing_over(ana, bo)
        await paged(cy)
        await following(ana, sue)
        await at_home(bo)
        await resolving(ana, bo)
        await from_a_phone(stage, browser)
        await none_at_all(ana)
