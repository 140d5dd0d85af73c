"""A matter from opening to closing: its options, rates, steps, outcome and settling."""
