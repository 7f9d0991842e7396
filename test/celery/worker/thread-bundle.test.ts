import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { bundleServices } from '../../../local/service-bundle.ts';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { FromThread, ThreadData, ToThread } from '../../../workers/celery/worker/threads/messages.ts';
import { packRequest, unpackOutcome } from '../../../workers/celery/worker/threads/packing.ts';
import { programUrl } from '../../../workers/celery/worker/threads/program-url.ts';
import { requestOf } from './requests.ts';

const double = {
  module: new URL('./fixtures/plain-tasks.mjs', import.meta.url).href,
  task: 'tests.double',
  args: [21],
};

/** Starts the program of threads in a bundle and runs a task in it. */
async function runIn(
  file: string,
  {
    module,
    input,
    task,
    args,
  }: {
    readonly input?: object;
    readonly module: string;
    readonly task: string;
    readonly args: TaskValue[];
  } = double,
) {
  const workerData: ThreadData = { module, input, hostname: 'tests@here', entry: '' };
  const thread = new Worker(file, { workerData });
  try {
    return await new Promise((resolve, reject) => {
      thread.on('error', reject);
      thread.on('message', (message: FromThread) => {
        const request = packRequest(requestOf({ task, args }));
        if (message.kind === 'ready') thread.postMessage({ kind: 'run', task, request } satisfies ToThread);
        else if (message.kind === 'outcome') resolve(unpackOutcome(message.outcome));
        else reject(new Error(JSON.stringify(message)));
      });
    });
  } finally {
    await thread.terminate();
  }
}

/** A task of the platform that fails for its argument alone, once its module and its libraries are loaded. */
function platformTask(directory: string) {
  return {
    module: pathToFileURL(join(directory, 'services/ai-tasks.mjs')).href,
    input: { LOG_LEVEL: 'error', REDIS_URL: 'redis://127.0.0.1:1', FOOD_VISION_MODEL: 'none' },
    task: 'tasks.analyze_food_image',
    args: ['ftp://example.org/dish.png'],
  };
}

describe('the program that threads run', () => {
  it('is found beside the sources, and in a bundle beside its other files', () => {
    const path = './task-thread.ts';
    expect(programUrl(path, 'file:///p/workers/threads/thread.ts').href).toBe(
      'file:///p/workers/threads/task-thread.ts',
    );
    expect(programUrl(path, 'file:///app/services/chunk-ABC.mjs').href).toBe(
      'file:///app/services/task-thread.mjs',
    );
    expect(programUrl('../../tasks/all-tasks.ts', 'file:///app/services/main.mjs').href).toBe(
      'file:///app/services/all-tasks.mjs',
    );
  });

  it('is a file of its own in the bundle of the local stack, and runs tasks', async () => {
    const bundle = await bundleServices();
    try {
      const file = join(dirname(bundle.file), 'task-thread.mjs');
      expect(await runIn(file)).toEqual({ kind: 'success', value: 42 });
    } finally {
      bundle.remove();
    }
  });

  it('is a file of its own in the image, and runs tasks', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-threads-'));
    const bundler = fileURLToPath(new URL('../../../charts/image/bundle.mjs', import.meta.url));
    try {
      await promisify(execFile)(process.execPath, [bundler, directory]);
      const file = join(directory, 'services/task-thread.mjs');
      expect(await runIn(file)).toEqual({ kind: 'success', value: 42 });
      expect(await runIn(file, platformTask(directory))).toMatchObject({
        kind: 'failure',
        exception: { exc_message: ['image_url: Invalid URL'] },
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
