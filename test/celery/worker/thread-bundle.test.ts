import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { bundleServices } from '../../../local/service-bundle.ts';
import type { FromThread, ThreadData, ToThread } from '../../../workers/celery/worker/threads/messages.ts';
import { packRequest, unpackOutcome } from '../../../workers/celery/worker/threads/packing.ts';
import { programUrl } from '../../../workers/celery/worker/threads/program-url.ts';
import { requestOf } from './requests.ts';

const module = new URL('./fixtures/plain-tasks.mjs', import.meta.url).href;

/** Starts the program of threads in a bundle and runs a task in it. */
async function runIn(file: string) {
  const workerData: ThreadData = { module, hostname: 'tests@here', entry: '' };
  const thread = new Worker(file, { workerData });
  try {
    return await new Promise((resolve, reject) => {
      thread.on('error', reject);
      thread.on('message', (message: FromThread) => {
        const request = packRequest(requestOf({ task: 'tests.double', args: [21] }));
        if (message.kind === 'ready')
          thread.postMessage({ kind: 'run', task: 'tests.double', request } satisfies ToThread);
        else if (message.kind === 'outcome') resolve(unpackOutcome(message.outcome));
        else reject(new Error(JSON.stringify(message)));
      });
    });
  } finally {
    await thread.terminate();
  }
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
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
