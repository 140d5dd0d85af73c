"""Plain values without a rule of billing in them: money, hours, days and typed text."""
