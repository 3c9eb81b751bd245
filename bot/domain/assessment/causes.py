"""What words tell of why something is wrong; the more a rule tells, the earlier it stands."""

from .courses import COURSES
from .resources import RESOURCES
from .rules import Rule

CAUSES: tuple[Rule, ...] = (*RESOURCES, *COURSES)
