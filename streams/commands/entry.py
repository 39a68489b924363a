"""Where the program `muster` begins: it imports so little that Ctrl-C in its first moments is no traceback."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Load the command line and run it."""
    try:
        from streams.commands.main import main as run
    except KeyboardInterrupt:
        sys.exit(130)  # what `failures.INTERRUPTED` says, which may not have been loaded
    run()


if __name__ == "__main__":
    main()
