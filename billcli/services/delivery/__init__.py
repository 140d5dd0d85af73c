"""Bills on their way to the client: the outbox, mail and paper."""
