"""Chats, models, downloads, hosts, dialogs and the palette."""
