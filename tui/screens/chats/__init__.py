"""Chats: tabs, transcript, prompt, the list of sessions, and the first page when no server is."""
