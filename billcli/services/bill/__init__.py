"""One bill: preview, draft, edits, approval, issue, void, and reading it."""
