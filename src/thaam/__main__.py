"""`python -m thaam` is the `thaam` command."""

import sys

from thaam.cli.main import main

sys.exit(main())
