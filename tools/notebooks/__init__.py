"""Running notebooks, and the rules that they keep."""

import sys

# nbformat's checker of schemas would draw up the grammar of international web addresses at its
# import: a second in each process, for a format that no schema of a notebook names.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
