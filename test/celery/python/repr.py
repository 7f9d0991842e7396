"""Reads a list of JSON values and writes Python's repr of each."""

import json
import sys

json.dump([repr(value) for value in json.load(sys.stdin)], sys.stdout)
