"""Run as a program: ollama-tui with a note of every delta that it receives.

python noting.py FILE [ARGUMENTS]
"""

import sys
from pathlib import Path

from crashing import note_deltas
from tui.__main__ import main

if __name__ == "__main__":
    note_deltas(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
