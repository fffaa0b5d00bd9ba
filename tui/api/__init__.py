"""The only room that speaks HTTP: the Ollama client, the registry client, their errors."""

import sys
from typing import Any, cast

# Where click is installed, httpx would load its command line and all of Pygments' names with it:
# 3 MiB and 25 ms that nobody here needs. It knows how to do without.
cast("dict[str, Any]", sys.modules).setdefault("httpx._main", None)
