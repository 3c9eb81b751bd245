"""What a team configures of the assessment: rules of its own."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from bot.domain.assessment import RULES, Action, Rule, is_phrase
from bot.domain.severity import Severity

from .fields import Model, Patterns


def _said(phrase: str) -> str:
    if not is_phrase(phrase):
        raise ValueError("it has to begin with a word")
    return phrase


Phrase = Annotated[
    str,
    AfterValidator(_said),
    Field(
        max_length=200,
        description="`expir*` is every word that begins so, `a|b` is either, `...` up to 3 words",
    ),
]


class RuleEntry(Model):
    """What certain words, or labels, or both, tell."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{0,62}$")]
    words: Annotated[tuple[Phrase, ...], Field(max_length=100)] = ()
    labels: Patterns = Field(default_factory=dict)
    cause: Annotated[str, Field(min_length=1, max_length=150)] | None = None
    actions: tuple[Action, ...] = ()
    severity: Severity | None = None

    @model_validator(mode="after")
    def _tells(self) -> Self:
        if not (self.words or self.labels):
            raise ValueError("say for which words or labels")
        if not (self.cause or self.severity):
            raise ValueError("say which cause it tells, or which severity")
        if self.actions and not self.cause:
            raise ValueError("actions fit a cause: say which")
        return self

    def rule(self) -> Rule:
        """Return the rule for the domain."""
        return Rule(self.name, self.words, self.labels, self.cause, self.actions, self.severity)


class AssessmentRules(Model):
    """Rules that come before those that are built in."""

    rules: tuple[RuleEntry, ...] = ()

    @model_validator(mode="after")
    def _have_names_of_their_own(self) -> Self:
        taken, mistakes = {rule.name for rule in RULES}, list[str]()
        for entry in self.rules:
            if entry.name in taken:
                mistakes.append(f"there are two rules called {entry.name}")
            taken.add(entry.name)
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self
