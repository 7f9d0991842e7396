import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { CeleryClient } from '../../../workers/celery/client/celery-client.ts';
import { chain, group, signature } from '../../../workers/celery/client/compose.ts';
import type { ResultDocument } from '../../../workers/celery/results/result-backend.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { SmallWorker } from '../canvas/small-worker.ts';

const tasks = {
  'kitchen.cook': {
    description: 'Cooks a dish',
    queue: 'kitchen',
    parameters: z.strictObject({ dish: z.string(), portions: z.int().default(1) }),
  },
};

function clientOf(worker: SmallWorker) {
  const wait = async (id: string): Promise<ResultDocument> => {
    await worker.drain();
    const stored = await worker.backend.read(id);
    if (stored === undefined) throw new PlatformError('STATE_UNAVAILABLE');
    return stored;
  };
  return new CeleryClient({
    tasks,
    deps: worker.deps,
    source: { backend: worker.backend, reader: { wait } },
  });
}

const patience = { timeoutMs: 10_000 };

function cook() {
  return new SmallWorker({
    'kitchen.cook': (_, { request }) => `${request.kwargs['portions'] ?? 1} ${request.kwargs['dish']}`,
  });
}

describe('a client of Celery', () => {
  it('calls a declared task by name, in its queue, and gets its result', async () => {
    const worker = cook();
    const result = await clientOf(worker).task('kitchen.cook').delay({ dish: 'soup', portions: 2 });
    expect(await result.get(patience)).toBe('2 soup');
    expect(worker.ran[0]?.delivery.queue).toBe('kitchen');
  });

  it('refuses arguments that the declaration does not allow, before anything is sent', async () => {
    const worker = cook();
    const task = clientOf(worker).task('kitchen.cook');
    await expect(task.delay({ dish: 'soup', portions: 1.5 })).rejects.toMatchObject({
      code: 'MESSAGE_SCHEMA_INVALID',
    });
    await worker.drain();
    expect(worker.ran).toEqual([]);
  });

  it('takes options as Celery does', async () => {
    const worker = cook();
    const task = clientOf(worker).task('kitchen.cook');
    const result = await task.applyAsync(
      { dish: 'soup' },
      { task_id: 'order-7', priority: 5, queue: 'grill' },
    );
    await result.get(patience);
    expect(result.id).toBe('order-7');
    expect(worker.ran).toMatchObject([{ id: 'order-7', delivery: { queue: 'grill' } }]);
  });

  it('throws what the task raised', async () => {
    const worker = new SmallWorker();
    const result = await clientOf(worker).send(signature('fail'));
    await expect(result.get(patience)).rejects.toMatchObject({ excType: 'ValueError', excMessage: ['boom'] });
  });

  it('gets the results of a group in its order', async () => {
    const client = clientOf(new SmallWorker());
    const result = await client.send(group([signature('add', [1, 1]), signature('add', [2, 2])]));
    expect(await result.get(patience)).toEqual([2, 4]);
  });

  it('knows the results of earlier steps as parents', async () => {
    const client = clientOf(new SmallWorker());
    const result = await client.send(chain(signature('add', [1, 1]), signature('add', [2])));
    expect(await result.get(patience)).toBe(4);
    expect(await result.parent?.get(patience)).toBe(2);
  });

  it('can read a result at once, and have it forgotten', async () => {
    const worker = new SmallWorker();
    const client = clientOf(worker);
    const { id } = await client.send(signature('add', [1, 1]));
    expect(await client.result(id).read()).toBeUndefined();
    await worker.drain();
    expect(await client.result(id).read()).toMatchObject({ status: 'SUCCESS', result: 2 });
    await client.result(id).forget();
    expect(await client.result(id).read()).toBeUndefined();
  });
});
