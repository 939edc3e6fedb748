"""memo: remembers a stage's result by the hash of exactly what went in, in .papergrove/"""

import contextlib
import functools
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

FOLDER = ".papergrove"


def digest(*parts: str | bytes) -> str:
    """A key of the parts in their order; no two different sequences of parts share one."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()[:32]


LIBRARIES = ("jinja2", "lunr", "markdown-it-py", "mdit-py-plugins", "numpy")  # whose versions show in what is made


@functools.cache
def code() -> str:
    """A digest of the generator's code, of the libraries and the Python that it runs with: what is remembered from others is
    not used."""
    import importlib.metadata

    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    versions = [".".join(map(str, sys.version_info[:2])), *(importlib.metadata.version(name) for name in LIBRARIES)]
    return digest(*versions, *(part for file in files for part in (file.name, file.read_bytes())))


class Memo:
    """One remembered value by name and key; a damaged or foreign file counts as nothing remembered.

    Deleting the folder changes nothing but time.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER

    def get(self, name: str, key: str) -> Any:
        """The value that was kept under this name with the same key, else None."""
        try:
            head, _, body = (self.folder / f"{name}.json").read_text(encoding="utf-8").partition("\n")
            return json.loads(body) if head == f"{key} {digest(body)}" else None
        except (OSError, ValueError):
            return None

    def keep(self, name: str, key: str, value: Any) -> None:
        """Remembers a value of JSON's types; a folder that cannot be written only costs time."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        staged = self.folder / f".{name}.{os.getpid()}"
        try:
            self.folder.mkdir(exist_ok=True)
            staged.write_text(f"{key} {digest(body)}\n{body}", encoding="utf-8")
            staged.replace(self.folder / f"{name}.json")
        except OSError:
            with contextlib.suppress(OSError):
                staged.unlink(missing_ok=True)

    def forget(self, name: str) -> None:
        with contextlib.suppress(NotADirectoryError):
            (self.folder / f"{name}.json").unlink(missing_ok=True)
