"""Write the pages out, to look at: ``cd tests/evaluation && python -m pages DIR``."""

import sys
from pathlib import Path

from . import cases

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for case in cases():
    (folder / f"{case.name}.html").write_bytes(case.html)
    (folder / f"{case.name}.txt").write_text("".join(f"{kind}\t{text}\n" for kind, text in case.zones), "utf-8")
