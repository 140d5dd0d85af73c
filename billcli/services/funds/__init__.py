"""Money that is the client's: trust, general retainers, and what they pay."""
