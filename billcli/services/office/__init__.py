"""The firm itself and its people: settings, the firm file, clients, timekeepers."""
