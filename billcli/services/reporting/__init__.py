"""What the ledger tells: status, reports, boards and forecasts. Nothing here writes."""
