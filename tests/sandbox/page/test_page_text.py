"""What people write, as the page draws it: the marks become elements, and nothing else does."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, Page

from sandbox.server import Sandbox
from tests.browser import MARKS
from tests.sandbox.stage import staged

pytestmark = MARKS

LINK = '<a href="{0}" target="_blank" rel="noopener noreferrer">{1}</a>'
BO = '<span class="mention" data-user="UBO">@bo</span>'
ANA = '<span class="mention mention-me" data-user="UANA">@ana</span>'
HERE = '<span class="mention mention-me">@{0}</span>'
PLUS = '<span class="emoji" role="img" aria-label="+1" title=":+1:">👍🏽</span>'
FIRE = '<span class="emoji" role="img" aria-label="fire" title=":fire:">🔥</span>'
DRAWN = [
    ("plain words", "plain words"),
    ("*bold* _it_ ~no~ `code`", "<strong>bold</strong> <em>it</em> <s>no</s> <code>code</code>"),
    ("*_both_*", "<strong><em>both</em></strong>"),
    ("2 * 3 * 4, snake_case_name, a*b*c", "2 * 3 * 4, snake_case_name, a*b*c"),
    ("*open, _never_ closed", "*open, <em>never</em> closed"),
    ("*over\nlines*", "*over<br>lines*"),
    ("(*in brackets*).", "(<strong>in brackets</strong>)."),
    ("`*raw* &lt;b&gt; :fire:`", "<code>*raw* &lt;b&gt; :fire:</code>"),
    ("```\na *b*\n  c\n```", '<pre tabindex="0"><code>a *b*\n  c</code></pre>'),
    ("before ```x``` after", 'before <pre tabindex="0"><code>x</code></pre> after'),
    ("``` never closed", "``` never closed"),
    ("one\ntwo\n\nthree", "one<br>two<br><br>three"),
    ("> a\n&gt; b\nc", "<blockquote>a<br>b</blockquote>c"),
    ("&gt;&gt;&gt; all\nof it", "<blockquote>all<br>of it</blockquote>"),
    ("• one\n• *two*",
     '<span class="bullet">• one</span><span class="bullet">• <strong>two</strong></span>'),
    ("&lt;b&gt; &amp;amp; 1 &lt; 2", "&lt;b&gt; &amp;amp; 1 &lt; 2"),
    ("<https://example.com/a?b=1&amp;c=2|the *page*>",
     LINK.format("https://example.com/a?b=1&amp;c=2", "the *page*")),
    ("<mailto:a@example.com|write>", LINK.format("mailto:a@example.com", "write")),
    ("see https://example.com/a_b_c, now",
     f'see {LINK.format("https://example.com/a_b_c", "https://example.com/a_b_c")}, now'),
    ("*https://example.com/x*",
     f'<strong>{LINK.format("https://example.com/x", "https://example.com/x")}</strong>'),
    ("to a.b@example.com.", f'to {LINK.format("mailto:a.b@example.com", "a.b@example.com")}.'),
    ("<@UBO> and <@UANA|x>", f"{BO} and {ANA}"),
    ("<@UNOBODY|gone>", '<span class="mention" data-user="UNOBODY">@gone</span>'),
    ("<#CGENERAL>",
     '<a class="mention" href="#/UANA/CGENERAL" data-channel="CGENERAL">#general</a>'),
    ("<#CHIDDEN>", '<span class="mention">#a channel you cannot see</span>'),
    ("<!subteam^SONCALL>", '<span class="mention" data-group="SONCALL">@on-call</span>'),
    ("<!here> <!channel|x> <!everyone>",
     " ".join(HERE.format(n) for n in ("here", "channel", "everyone"))),
    (":fire: :+1::skin-tone-4: :no_such: 12:30:45", f"{FIRE} {PLUS} :no_such: 12:30:45"),
    ("*<@UBO>* _:fire:_",
     f"<strong>{BO}</strong> <em>{FIRE}</em>"),
    ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("<javascript:alert(1)|press>", "&lt;javascript:alert(1)|press&gt;"),
    ("<data:text/html,x|press>", "&lt;data:text/html,x|press&gt;"),
    ('<https://example.com/"onclick="x|a"b>',
     LINK.format("https://example.com/%22onclick=%22x", 'a"b')),
    ("&lt;!channel&gt; &lt;@UBO&gt;", "&lt;!channel&gt; &lt;@UBO&gt;"),
    ("الدفع *معطل*", "الدفع <strong>معطل</strong>"),
    ("<!date^bad^{date}|some day>", "some day"),
    ("<!date^1768478709^|no format>", "no format"),
    ("", ""),
]  # fmt: skip


async def drawn(page: Page, text: str) -> str:
    """Return the HTML of what the page draws for mrkdwn."""
    html: str = await page.evaluate(
        """(text) => {
          const box = document.createElement("div");
          box.append(stage.text.drawMrkdwn(text, stage.world));
          return box.innerHTML;
        }""",
        text,
    )
    return html


async def test_marks_become_elements_and_nothing_else_does(
    sandbox: Sandbox, browser: Browser
) -> None:
    async with staged(browser, sandbox) as page:
        assert {text: await drawn(page, text) for text, _ in DRAWN} == dict(DRAWN)


NOON = int(datetime(2026, 1, 15, 12, 5, 9, tzinfo=UTC).timestamp())
DATES = [
    ("{date_num}", "2026-01-15"),
    ("{date}", "January 15th, 2026"),
    ("{date_short}", "Jan 15, 2026"),
    ("{date_long}", "Thursday, January 15th, 2026"),
    ("{time} {time_secs}", "13:05 13:05:09"),
    ("{date_pretty} at {time}", "January 15th, 2026 at 13:05"),
    ("{unknown} {date_num}", "{unknown} 2026-01-15"),
]


@pytest.mark.parametrize(
    ("zone", "hour"), [("Europe/Berlin", "13:05"), ("America/New_York", "07:05")]
)
async def test_a_date_is_shown_in_the_zone_of_who_looks(
    sandbox: Sandbox, browser: Browser, zone: str, hour: str
) -> None:
    async with staged(browser, sandbox, timezone_id=zone) as page:
        html = await drawn(page, f"<!date^{NOON}^{{time}}|12:05 UTC>")
        title = f"Thursday, 15 January 2026 at {hour}:09"
        assert html.startswith(f'<time datetime="2026-01-15T12:05:09.000Z" title="{title}')
        assert html.endswith(f">{hour.removeprefix('0')}</time>")


async def test_every_date_token_is_known(sandbox: Sandbox, browser: Browser) -> None:
    async with staged(browser, sandbox) as page:
        for form, shown in DATES:
            html = await drawn(page, f"<!date^{NOON}^{form}|then>")
            assert html.endswith(f">{shown}</time>"), form
        linked = await drawn(page, f"<!date^{NOON}^{{date_num}}^https://example.com/|then>")
        assert linked.startswith('<a href="https://example.com/" target="_blank"')


RELATIVE = [
    (0, "{date_pretty}", "Today"),
    (-86_400, "On {date_short_pretty}", "On yesterday"),
    (86_400, "{date_long_pretty} {time}", "Tomorrow 13:05"),
    (-7200, "{ago}", "2 hours ago"),
    (300, "{ago}", "in 5 minutes"),
]


async def test_near_dates_are_called_by_name(sandbox: Sandbox, browser: Browser) -> None:
    async with staged(browser, sandbox) as page:
        await page.evaluate("now => { stage.world.now = () => now * 1000; }", NOON)
        for apart, form, shown in RELATIVE:
            html = await drawn(page, f"<!date^{NOON + apart}^{form}|then>")
            assert html.endswith(f">{shown}</time>"), form


@pytest.mark.parametrize(
    "text", ["*a _b ~c " * 1200, "<" * 10_000, "`" * 10_001, "&gt;" * 3000, ":a" * 5000]
)
async def test_ten_thousand_characters_are_drawn_at_once(
    sandbox: Sandbox, browser: Browser, text: str
) -> None:
    async with staged(browser, sandbox) as page:
        spent = await page.evaluate(
            """(text) => {
              const before = performance.now();
              stage.text.drawMrkdwn(text, stage.world);
              return performance.now() - before;
            }""",
            text,
        )
        assert spent < 1000
