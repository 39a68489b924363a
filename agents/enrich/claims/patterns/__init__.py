"""The ways in which a sentence tells a deployment: small functions over its parse, by family; `registry` lists them all.

A pattern yields `Move`s: a predicate, the forces that it moves, and who moves them. What is said of the predicate (status,
stance, speaker) and what the names stand for is read afterwards, the same way for all patterns.
"""

from __future__ import annotations

from agents.enrich.claims.patterns.move import TO, Move
from agents.enrich.claims.patterns.registry import PATTERNS, REASONS, Pattern, find

__all__ = ["PATTERNS", "REASONS", "TO", "Move", "Pattern", "find"]
