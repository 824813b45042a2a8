"""Runs verify_export.py on one file again and again: for each line that comes in, its status and what it printed."""

import importlib.util
import io
import sys

script, copy = sys.argv[1:]
spec = importlib.util.spec_from_file_location("verify_export", script)
verify_export = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify_export)
out = sys.stdout.buffer
for _ in sys.stdin:
    said = io.BytesIO()
    sys.argv, sys.stdout = [script, copy], io.TextIOWrapper(said)
    status = verify_export.main()
    sys.stdout.flush()
    out.write(b"%d %d\n" % (status, len(said.getvalue())) + said.getvalue())
    out.flush()
