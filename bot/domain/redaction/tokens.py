"""Secrets that are known by their looks, wherever they stand."""

import re
from collections.abc import Sequence

from .rules import WORD, Rule, rule


def _mixed(found: re.Match[str]) -> bool:
    """Say whether it has capitals and digits: names of services and pods have no capitals."""
    return any(c.isupper() for c in found[0]) and any(c.isdigit() for c in found[0])


def _has_a_body(found: re.Match[str]) -> bool:
    return found["body"] != ""


GAP = r"(?:\s|\\[nrt])*"  # in a file, or in a string of a program
BODY = (
    rf"(?:{GAP}(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash): [^\n\\]{{0,200}})*"
    rf"(?P<body>(?:{GAP}[A-Za-z0-9+/=]{{16,}}+)*)"
)
END = (
    rf"(?:{GAP}[A-Za-z0-9+/=]{{1,15}}+)?(?:{GAP}=[A-Za-z0-9+/]{{4}})?"
    rf"{GAP}-----END [A-Z0-9 ]{{1,60}}-----"
)

TOKENS: Sequence[Rule] = (
    rule(
        "private key",
        r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----"
        rf"{BODY}(?:{END})?",
        _has_a_body,
    ),
    rule("private key", r"AGE-SECRET-KEY-1[0-9A-Z]{50,60}"),
    rule("Slack token", r"xox[a-z](?:\.xox[a-z])?-[\w-]{10,}+|xapp-[\w-]{10,}+"),
    rule(
        "Slack webhook",
        r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[\w/-]{10,}+)",
    ),
    rule(
        "AWS key",
        r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}(?![0-9A-Za-z])"
        r"""(?:[\s:,;|"'=/]{1,10}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=]))?""",
    ),
    rule("GitHub token", r"gh[opsur]_[A-Za-z0-9]{30,}+|github_pat_\w{22,}+"),
    rule(
        "GitLab token",
        WORD + r"(?:glpat|gldt|glrtr?|glptt|glcbt|glft|glsoat|glimt|glagent|glffct|glwt)"
        r"-[\w.-]{20,}+",
    ),
    rule("npm token", WORD + r"npm_[A-Za-z0-9]{36,}+"),
    rule("PyPI token", WORD + r"pypi-AgE[\w-]{40,}+"),
    rule("Stripe key", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}+|whsec_[A-Za-z0-9+/=]{24,}+"),
    rule("Google key", r"AIza[\w-]{35}(?![\w-])"),
    rule("Google token", WORD + r"(?:ya29\.[\w.-]{20,}+|GOCSPX-[\w-]{20,}+)"),
    rule("API key", WORD + r"sk-[\w-]{20,}+", _mixed),  # OpenAI, Anthropic and their like
    rule("SendGrid key", WORD + r"SG\.[\w-]{16,40}\.[\w-]{16,80}"),
    rule("Grafana token", r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|" + WORD + r"glc_[\w+/=]{32,}+"),
    rule("Vault token", WORD + r"hv[bsr]\.[\w-]{20,}+"),
    rule("Hugging Face token", WORD + r"hf_[A-Za-z0-9]{30,}+"),
    rule("Databricks token", WORD + r"dapi[0-9a-f]{32}(?:-\d)?(?!\w)"),
    rule("DigitalOcean token", r"do[opr]_v1_[0-9a-f]{64}"),
    rule("Shopify token", WORD + r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    rule("New Relic key", WORD + r"NRAK-[0-9A-Z]{27}"),
    rule("Telegram token", WORD + r"\d{8,10}:AA[\w-]{33}(?![\w-])"),
    rule("Terraform token", WORD + r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}+"),
    rule("Linear key", WORD + r"lin_(?:api|oauth)_[A-Za-z0-9]{32,}+"),
    rule("JWT", WORD + r"eyJ[\w-]{8,}+\.[\w-]{8,}+\.[\w-]*+(?:\.[\w-]*+){0,2}"),
)
