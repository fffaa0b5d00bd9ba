"""The only room that speaks HTTP: the Ollama client, the registry client, their errors."""
