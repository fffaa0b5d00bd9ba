"""Writes our files, and reads them back."""
