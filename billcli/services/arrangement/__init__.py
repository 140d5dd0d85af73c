"""How a matter is billed: its terms, schedule, quote and cap."""
