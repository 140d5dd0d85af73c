"""The journal for accounting programs that take entries from a file."""
