"""Run as a program: files may not grow beyond some bytes, as on a full disk, and then they may.

python full_disk.py FOLDER     prints one JSON object with what happened
"""

import json
import resource
import signal
import sys
from pathlib import Path

from tui.store.files import append, write_whole
from tui.store.writer import Writer

LIMIT = 1000
OLD, LINE, BIG = b"old", b"a line\n", b"x" * (LIMIT * 10)


def attempt(act: object, *arguments: object) -> str:
    assert callable(act)
    try:
        act(*arguments)
    except OSError as error:
        return type(error).__name__
    return ""


def main(folder: Path) -> dict[str, object]:
    whole, lines, kept = folder / "whole", folder / "lines", folder / "kept"
    write_whole(whole, OLD)
    append(lines, LINE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
    refused = [attempt(write_whole, whole, BIG), attempt(append, lines, BIG)]
    on_disk = [whole.read_bytes() == OLD, lines.read_bytes() == LINE]
    files = sorted(path.name for path in folder.iterdir())

    told: list[str] = []
    writer = Writer(lambda error: told.append(f"{error.filename}" if error else "mended"))
    writer.write(whole, BIG)
    writer.append(lines, BIG)
    writer.append(lines, LINE)
    writer.write(kept, LINE)
    flushed = writer.flush()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    closed = writer.close(5)
    return {
        "refused": refused,
        "on_disk": on_disk,
        "files": files,
        "told": told,
        "flushed": flushed,
        "closed": closed,
        "after": [whole.read_bytes() == BIG, lines.read_bytes() == LINE + BIG + LINE],
        "kept": kept.read_bytes() == LINE,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
