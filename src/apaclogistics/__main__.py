"""Run the command: ``python -m apaclogistics``."""

import sys

from apaclogistics.command.main import main

sys.exit(main())
