"""What is owed after a bill: payments, credits, write-offs, plans, statements."""
