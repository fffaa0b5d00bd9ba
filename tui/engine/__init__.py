"""The embedded, Ollama-compatible server (extra `local`): a process of its own."""
