"""Imports a module of tasks by its path and calls one of its functions; writes what the task returned.

Arguments: path of the module, name of the function. On standard input, its arguments by name. The servers are in the
environment, as for any program that uses the module.
"""

import importlib.util
import json
import sys

path, name = sys.argv[1:]
spec = importlib.util.spec_from_file_location("platform_tasks", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
result = getattr(module, name).delay(**json.load(sys.stdin))
print(json.dumps(result.get(timeout=50)), end="")
