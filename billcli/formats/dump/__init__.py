"""The whole ledger as one JSON document that describes itself."""
