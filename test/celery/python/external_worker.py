"""A plugin of pytest that has Celery's integration suite use a worker that runs already, in a process of its own.

NODENAME is the worker's node name, OUTCOMES a file for the outcomes of all tests: {test: [outcome, reason]}. The suite
otherwise runs a Python worker in a thread of its own process; here its fixture only registers the tasks for callers.
"""

import json
import os

import celery.contrib.pytest
import pytest
from celery._state import _set_task_join_will_block

outcomes = {}


@pytest.fixture(scope="session")
def celery_session_worker(celery_session_app, celery_includes, celery_class_tasks):
    for module in celery_includes:
        celery_session_app.loader.import_task_module(module)
    for task in celery_class_tasks:
        celery_session_app.register_task(task)


# The suite's conftest takes the fixture from there by name, and so comes before a plugin's.
celery.contrib.pytest.celery_session_worker = celery_session_worker


def pytest_collection_modifyitems(items):
    for module in {item.module for item in items}:
        if hasattr(module, "NODENAME"):
            module.NODENAME = os.environ["NODENAME"]


def pytest_runtest_setup():
    # Some tests run a worker in this process, which leaves it behind as one that must not wait for results.
    _set_task_join_will_block(False)


def pytest_runtest_logreport(report):
    before, reason = outcomes.get(report.nodeid, ("passed", ""))
    if before == "failed":
        return
    if report.failed:
        reason = getattr(getattr(report.longrepr, "reprcrash", None), "message", str(report.longrepr))
        outcomes[report.nodeid] = ("failed", reason.split("\n")[0])
    elif report.skipped:
        outcomes[report.nodeid] = ("xfailed" if hasattr(report, "wasxfail") else "skipped", str(report.longrepr))
    else:
        outcomes[report.nodeid] = (before, reason)


def pytest_collectreport(report):
    if report.failed:
        outcomes[report.nodeid] = ("failed", str(report.longrepr).strip().split("\n")[-1])


def pytest_sessionfinish():
    if "OUTCOMES" in os.environ:
        with open(os.environ["OUTCOMES"], "w") as file:
            json.dump(outcomes, file)
