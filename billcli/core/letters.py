"""The letters by which people name what was recorded: T-12, E-4, C-3."""

from __future__ import annotations

LETTERS = {"time": "T", "expense": "E", "charge": "C", "schedule": "S"}
