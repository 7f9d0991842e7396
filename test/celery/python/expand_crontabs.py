"""Reads [[limit, least, expression], ...] and writes what Celery's parser makes of each: its numbers, or null."""

import json
import sys

from celery.schedules import crontab


def expand(limit, least, expression):
    try:
        return sorted(crontab._expand_cronspec(expression, limit, least))
    except Exception:
        return None


json.dump([expand(*each) for each in json.load(sys.stdin)], sys.stdout)
