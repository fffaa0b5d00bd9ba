"""The shipped catalogue."""
