"""All bills at once."""
