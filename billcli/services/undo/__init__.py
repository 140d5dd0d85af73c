"""Taking a change back: what stands on it, what is refused and why, and the change that does it."""
