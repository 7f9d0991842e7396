import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { pythonStub } from '../../../workers/celery/client/python-stub.ts';
import { tasks } from '../../../workers/platform/tasks.ts';

const declaration = { description: 'Does something', queue: 'celery', parameters: z.strictObject({}) };

describe('the module of tasks for Python', () => {
  it('has a function for every declared task, registered under its name and queue', () => {
    const stub = pythonStub(tasks);
    for (const [name, { queue }] of Object.entries(tasks))
      expect(stub).toContain(`@app.task(name='${name}', queue='${queue}')`);
    expect(stub).toContain('def cleanup_carts():');
  });

  it('shows parameters in their order, with types, and optional ones as such', () => {
    const parameters = z.strictObject({
      order: z.string(),
      lines: z.array(z.string()),
      retries: z.int().optional(),
      express: z.boolean(),
    });
    expect(pythonStub({ 'orders.pack': { ...declaration, parameters } })).toContain(
      'def pack(order: str, lines: list, retries: int = None, *, express: bool):',
    );
  });

  it('keeps apart tasks whose names end in the same way, and avoids words that Python reserves', () => {
    const stub = pythonStub({ 'a.run': declaration, 'b.run': declaration, 'c.import': declaration });
    for (const name of ['a_run', 'b_run', 'import_']) expect(stub).toContain(`def ${name}():`);
  });

  it('cannot be broken by what a description says', () => {
    const stub = pythonStub({ 'a.run': { ...declaration, description: 'Says """ and \\' } });
    expect(stub).toContain(String.raw`"""Says \"\"\" and \\."""`);
  });
});
