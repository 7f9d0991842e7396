import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'amqplib';
import { type LocalStack, startLocalStack } from '../../../local/local-stack.ts';
import { debianCelery } from '../../celery/celery-installations.ts';

const program = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const script = fileURLToPath(new URL('../../celery/python/call_stub.py', import.meta.url));
const celery = debianCelery();

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('smarteats task', () => {
  let stack: LocalStack;
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-stub-'));

  beforeAll(async () => {
    stack = await startLocalStack({ isolated: true, only: ['celery-worker'] });
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const smarteats = (...args: readonly string[]) => smarteatsOn(stack.amqpUrl, ...args);

  function smarteatsOn(amqpUrl: string, ...args: readonly string[]): Promise<Ended> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', program, 'task', ...args],
        { env: { ...process.env, CELERY_BROKER_URL: amqpUrl, CELERY_RESULT_BACKEND: stack.redisUrl } },
        (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });
  }

  it('runs a task and shows its result', async () => {
    const { code, out, err } = await smarteats('run', 'tasks.cleanup_carts', '--wait');
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^tasks\.cleanup_carts \S+\n$/) });
    expect(JSON.parse(out)).toMatchObject({ removed: 0 });
  });

  it('says the id of a task that it does not wait for', async () => {
    expect(await smarteats('run', 'tasks.cleanup_carts')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[\da-f-]{36}\n$/),
    });
  });

  it('says so when no worker takes the task in time', async () => {
    const args = ['run', 'tasks.generate_recommendations', '--args', '["u1"]', '--wait', '--timeout', '2'];
    expect(await smarteats(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining('TASK_RESULT_TIMEOUT: '),
    });
  });

  it('refuses bad calls in a line of their own, and sends nothing', async () => {
    const broker = await connect(stack.amqpUrl);
    try {
      const channel = await broker.createChannel();
      const { messageCount: before } = await channel.checkQueue('ai');
      for (const [code, ...args] of [
        ['TASK_UNKNOWN', 'tasks.nosuch'],
        ['TASK_ARGUMENT_INVALID', 'tasks.generate_recommendations'],
        ['TASK_ARGUMENT_INVALID', 'tasks.generate_recommendations', '--args', '["u1"'],
      ]) {
        const ended = await smarteats('run', ...args);
        expect(ended).toMatchObject({
          code: 1,
          out: '',
          err: expect.stringMatching(new RegExp(`^${code}: .+\n$`)),
        });
      }
      expect((await channel.checkQueue('ai')).messageCount).toBe(before);
    } finally {
      await broker.close();
    }
  });

  it('says at once what the broker has against its login', async () => {
    const address = new URL(stack.amqpUrl);
    address.password = 'not-the-password';
    const refused = await smarteatsOn(address.href, 'run', 'tasks.cleanup_carts');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^BROKER_UNAVAILABLE: .*refuses this login: .*ACCESS_REFUSED/);
    expect(refused.err).not.toContain('not-the-password');
  });

  const missing = '(python3-celery or python3-redis is not installed, so this did not run)';
  (celery === undefined ? it.skip : it)(
    `writes a module with which Python's Celery ${celery?.version ?? missing} calls a task of ours`,
    async () => {
      const file = join(directory, 'platform_tasks.py');
      expect(await smarteats('stub', '--out', file)).toMatchObject({ code: 0, out: `wrote ${file}\n` });
      const output = execFileSync(celery?.python ?? '', [script, file, 'cleanup_carts'], {
        input: '{}',
        encoding: 'utf8',
        env: { ...process.env, CELERY_BROKER_URL: stack.amqpUrl, CELERY_RESULT_BACKEND: stack.redisUrl },
      });
      expect(JSON.parse(output)).toMatchObject({ removed: 0 });
    },
  );

  it('lists the tasks', async () => {
    const { code, out } = await smarteats('list');
    expect(code).toBe(0);
    expect(out).toMatch(/tasks\.send_delivery_update.*notifications.*order_id, status/);
  });
});
