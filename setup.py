"""What pyproject.toml cannot say: the version stands in CMakeLists.txt alone."""

import re
from pathlib import Path

from setuptools import setup

TEXT = (Path(__file__).parent / "CMakeLists.txt").read_text()
setup(version=re.search(r"^project\(h5roof VERSION ([0-9.]+)", TEXT, re.M)[1])
