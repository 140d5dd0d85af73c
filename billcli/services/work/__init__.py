"""What is recorded on a matter: time, expenses and flat charges."""
