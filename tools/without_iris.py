"""Imported before nbformat: else each process builds grammars of addresses, for more than a second.

jsonschema has them for a check that no notebook asks for, and does without them where they are not.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
