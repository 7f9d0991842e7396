"""A plugin of pytest that has Celery's integration suite use a worker that runs already, in a process of its own.

The worker's node name is in NODENAME. The suite otherwise runs a Python worker in a thread of its own process; here its
fixture only registers the tasks for their callers.
"""

import os

import celery.contrib.pytest
import pytest


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
