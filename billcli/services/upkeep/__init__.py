"""The file itself: set-up, proofs, backups, and the demo."""
