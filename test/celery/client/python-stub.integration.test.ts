import { describe, expect, it } from '@jest/globals';
import { pythonStub } from '../../../workers/celery/client/python-stub.ts';
import { tasks } from '../../../workers/platform/tasks.ts';
import { pythonCeleryVersion, runPython } from '../python-celery.ts';

const version = pythonCeleryVersion();
const title = `the module of tasks in Python's Celery ${version ?? '(not installed, so this did not run)'}`;

(version === undefined ? describe.skip : describe)(title, () => {
  it('registers every declared task with its queue, parameters and description', () => {
    const expected = Object.entries(tasks).map(([name, { queue, parameters, description }]) => [
      name,
      { queue, parameters: Object.keys(parameters.shape), text: `${description}.` },
    ]);
    expect(runPython('import_stub.py', pythonStub(tasks))).toEqual(Object.fromEntries(expected));
  });
});
