"""The command line of the fake server; see fake_ollama."""

import argparse
import asyncio
import signal
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import fake_models
from fake_ollama import FakeOllama

_KNOBS = (
    *("host", "port", "socket", "version", "short_log", "http_500_rate"),
    *("tps", "tokens", "marker", "think_always", "load_delay", "first_byte_delay"),
    *("pull_size", "pull_rate", "pull_hz", "drop_after", "error_after"),
)


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A fake Ollama server.")
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=11434, help="0 is any free one; it is printed")
    add("--socket", default="", help="listen on this unix socket instead")
    add("--tps", type=float, default=50, help="tokens per second; 0 is as fast as possible")
    add("--tokens", type=int, default=0, help="tokens in each reply; 0 is the reply text once")
    add("--reply", type=Path, help="a markdown file to stream (default: sample_reply.md)")
    add("--marker", default="", help="text that ends every reply; {n} is the reply's number")
    add("--thinking", type=int, default=0, help="tokens of thinking before the reply")
    add("--think-always", action="store_true", help="think even if told not to")
    add("--models", type=int, default=3)
    add("--version", default="0.32.15")
    add("--load-delay", type=float, default=0)
    add("--first-byte-delay", type=float, default=0)
    add("--pull-size", type=int, default=2 * fake_models.GB)
    add("--pull-rate", type=float, default=200e6, help="bytes per second")
    add("--pull-hz", type=float, default=10, help="progress lines per second")
    add("--drop-after", type=int, default=0, help="cut the connection after N lines of a stream")
    add("--error-after", type=int, default=0, help="send an error line after N lines of a stream")
    add("--http-500-rate", type=float, default=0)
    add("--seed", type=int, default=1)
    add("--date", type=datetime.fromisoformat, help="a fixed date (with zone), for pictures")
    add("--log", type=Path, help="append events and request bodies here, one JSON object a line")
    add("--short-log", action="store_true", help="log the sizes of request bodies, not the bodies")
    return parser.parse_args(argv)


def _name(number: int) -> str:
    again, place = divmod(number, len(fake_models.NAMES))
    return fake_models.NAMES[place] + (f"-v{again}" if again else "")


def build(options: argparse.Namespace) -> FakeOllama:
    thought = "Let me think about the question step by step. "
    fake = FakeOllama(
        names=[_name(number) for number in range(options.models)],
        thinking=(thought * (1 + options.thinking * 4 // len(thought)))[: options.thinking * 4],
        moment=options.date,
    )
    for knob in _KNOBS:
        setattr(fake, knob, getattr(options, knob))
    if options.reply:
        fake.reply = options.reply.read_text("utf-8")
    fake.chance.seed(options.seed)
    return fake


async def main() -> None:
    options = parse()
    fake = build(options)
    if options.log:
        fake.log_file = options.log.open("a", buffering=1)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with fake:
        print(f"listening on {fake.url}", flush=True)
        await stop.wait()
