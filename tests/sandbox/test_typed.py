"""What people type is kept as Slack keeps it."""

import pytest

from sandbox.clock import SteppedClock
from sandbox.seed import ChannelSeed, Seed
from sandbox.typed import Typed
from sandbox.workspace import Workspace

SEED = Seed(channels=(*Seed().channels, ChannelSeed("CHID", "hidden", ("UANA",), is_private=True)))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("&lt;", "&amp;lt;"),
        ("<@UBOT> list", "<@UBOT> list"),
        ("<@UBO|bo>", "<@UBO>"),
        ("<@UNOBODY>", "&lt;@UNOBODY&gt;"),
        ("@bo and @on-call, look", "<@UBO> and <!subteam^SONCALL>, look"),
        ("@old-guard", "@old-guard"),
        ("@an @anabel", "@an @anabel"),
        ("<#CHID>", "&lt;#CHID&gt;"),
        ("@nobody or bo@ops.test", "@nobody or bo@ops.test"),
        ("<#COPS>", "<#COPS|operators>"),
        ("#operators.", "<#COPS|operators>."),
        ("#hidden #nowhere", "#hidden #nowhere"),
        ("<!subteam^SONCALL|@on-call>", "<!subteam^SONCALL>"),
        ("<!subteam^SNONE>", "&lt;!subteam^SNONE&gt;"),
        ("@here @channel @everyone", "<!here> <!channel> <!everyone>"),
        ("<!channel> <!here>", "&lt;!channel&gt; &lt;!here&gt;"),
        ("see https://a.test/?b=c&d.", "see <https://a.test/?b=c&amp;d>."),
        ("<https://a.test|the page>", "<https://a.test|the page>"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"),
        ("`@here <@UBO>` and ```#operators```", "`@here &lt;@UBO&gt;` and ```#operators```"),
    ],
)
def test_a_message_is_kept(typed: str, kept: str) -> None:
    workspace = Workspace(SEED, SteppedClock())
    assert Typed(workspace, "UBO", typed).kept() == kept


@pytest.mark.parametrize(
    ("typed", "escaped", "plain"),
    [
        ("@bo", "<@UBO|bo>", "@bo"),
        ("#operators", "<#COPS|operators>", "#operators"),
        ("@on-call", "<!subteam^SONCALL|@on-call>", "@on-call"),
        ("@here", "<!here>", "@here"),
        ("https://a.test", "<https://a.test>", "https://a.test"),
        ("<x> & y", "&lt;x&gt; &amp; y", "&lt;x&gt; &amp; y"),
    ],
)
def test_a_command_is_told(typed: str, escaped: str, plain: str) -> None:
    words = Typed(Workspace(SEED, SteppedClock()), "UANA", typed)
    assert words.for_command(should_escape=True) == escaped
    assert words.for_command(should_escape=False) == plain


def test_a_private_channel_is_named_only_by_who_sees_it() -> None:
    workspace = Workspace(SEED, SteppedClock())
    assert Typed(workspace, "UANA", "#hidden").kept() == "<#CHID|hidden>"
