"""Takes lunr.js out of the pinned properdocs wheel into our own wheel: nothing third-party is committed and no Node is needed.

It goes into `papergrove_assets`, a top-level package of its own: inside `generator/` an editable install would put the file
into site-packages while `generator` resolves to the checkout.
"""

import base64
import hashlib
import importlib.metadata
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "properdocs"
FILE = "properdocs/contrib/search/templates/search/lunr.js"
SHA256 = "c1a28d9e95163292fbcc07ff794f1f0e1ade8741c513afe96d5b1046a18110bc"  # lunr.js 2.3.9
INTO = "papergrove_assets/lunr.js"


class LunrHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        files = importlib.metadata.distribution(PACKAGE).files or ()
        found = next((file for file in files if str(file) == FILE), None)
        if found is None:
            raise RuntimeError(f"{PACKAGE} does not hold {FILE}")
        path = found.locate()
        digest = hashlib.sha256(path.read_bytes())  # type: ignore[attr-defined]
        recorded = base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
        if digest.hexdigest() != SHA256 or found.hash is None or recorded != found.hash.value:
            raise RuntimeError(f"{FILE} is not the lunr.js we know (SHA-256 {digest.hexdigest()})")
        key = "force_include_editable" if version == "editable" else "force_include"
        build_data.setdefault(key, {})[str(path)] = INTO
