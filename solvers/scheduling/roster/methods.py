"""Names of the methods that make rosters."""

from typing import Final, Literal, get_args

Rule = Literal[
    "earliest-due", "tardiness-cost", "first-come", "longest", "moore-hodgson"
]
Method = Literal["search", "exact"] | Rule

RULES: Final[tuple[Rule, ...]] = get_args(Rule)
METHODS: Final[tuple[Method, ...]] = ("search", "exact", *RULES)
