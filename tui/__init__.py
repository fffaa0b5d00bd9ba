"""ollama-tui: the full-screen terminal workbench for Ollama."""

__version__ = "0.1.0"
