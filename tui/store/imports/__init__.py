"""Reads other programs' conversations: one module a source."""
