"""Servers that speak OpenAI's API: vLLM, SGLang, llama.cpp, LM Studio, LiteLLM and others."""

from tui.api.openai.client import OpenAI

__all__ = ["OpenAI"]
