import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BackOff } from '../../../local/processes/back-off.ts';
import { Supervisor } from '../../../local/processes/supervisor.ts';
import type { StackEvent } from '../../../local/stack-events.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { eventually } from '../../harness/eventually.ts';
import { isAlive, isListening } from './alive.ts';
import { fixtureService } from './fixture-service.ts';

let directory: string;
let events: StackEvent[];
const supervisors: Supervisor[] = [];
const quick: BackOff = { firstMs: 20, longestMs: 10_000, forgivenAfterMs: 600_000 };
const patient: BackOff = { firstMs: 600_000, longestMs: 600_000, forgivenAfterMs: 600_000 };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-supervisor-'));
  events = [];
});

afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((each) => each.stop()));
  rmSync(directory, { recursive: true, force: true });
});

async function supervise(behaviour: string, backOff = quick, limits = {}) {
  const { service, url, port } = await fixtureService(behaviour, directory, limits);
  const supervisor = new Supervisor(service, (event) => events.push(event), backOff);
  supervisors.push(supervisor);
  return { supervisor, service, url, port };
}

const kinds = () => events.map(({ kind }) => kind);
const waits = () => events.flatMap((event) => (event.kind === 'crashed' ? event.restartInMs : []));
const ready = (count: number) =>
  eventually(() => {
    const times = kinds().filter((kind) => kind === 'ready' || kind === 'restarted').length;
    expect(times).toBe(count);
  });

describe('starting a supervised service', () => {
  it('resolves once the service answers that it is ready', async () => {
    const { supervisor, url } = await supervise('steady');
    await supervisor.start();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(kinds()).toEqual(['starting', 'ready']);
    expect(supervisor.restarts).toBe(0);
  });

  it('tries again, waiting longer each time, when the service ends at first', async () => {
    const { supervisor } = await supervise('fails-twice');
    await supervisor.start();
    expect(kinds()).toEqual(['starting', 'crashed', 'crashed', 'ready']);
    expect(waits()).toEqual([20, 40]);
  });

  it('gives a service up that keeps ending, with the last lines it wrote', async () => {
    const { supervisor, service } = await supervise('broken');
    await expect(supervisor.start()).rejects.toMatchObject({
      code: 'LOCAL_STACK_FAILED',
      message: expect.stringMatching(/^broken ended while it started:[\s\S]*this service cannot start/),
    });
    expect(waits()).toHaveLength(2);
    expect(service.running).toBe(false);
  });

  it('gives a service up that is not ready in time, and ends it', async () => {
    const { supervisor, service, port } = await supervise('never-ready', quick, { readyTimeoutMs: 1_500 });
    await expect(supervisor.start()).rejects.toThrow('never-ready is not ready after 1.5 s');
    expect(service.running).toBe(false);
    expect(await isListening(port)).toBe(false);
  });

  it('does nothing when it is started already', async () => {
    const { supervisor } = await supervise('steady');
    await supervisor.start();
    const { pid } = supervisor;
    await supervisor.start();
    expect(supervisor.pid).toBe(pid);
    expect(kinds()).toEqual(['starting', 'ready']);
  });
});

describe('a supervised service that ends by itself', () => {
  it('is started again on its port', async () => {
    const { supervisor, url } = await supervise('steady');
    await supervisor.start();
    const before = supervisor.pid;
    supervisor.kill('SIGKILL');
    await ready(2);
    expect(supervisor.restarts).toBe(1);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ pid: supervisor.pid });
    expect(supervisor.pid).not.toBe(before);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'crashed', ended: 'was ended by SIGKILL', restartInMs: 20 }),
    );
  });

  it('is reported with its exit code', async () => {
    const { supervisor, url } = await supervise('steady');
    await supervisor.start();
    await fetch(`${url}/crash`).catch(() => undefined);
    await ready(2);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'crashed', ended: 'ended with code 3' }));
  });

  it('waits longer each time it ends soon after its start', async () => {
    const { supervisor } = await supervise('steady');
    await supervisor.start();
    for (let count = 2; count <= 4; count++) {
      supervisor.kill();
      await ready(count);
    }
    expect(waits()).toEqual([20, 40, 80]);
  });

  it('is forgiven once it ran well for a while', async () => {
    const { supervisor } = await supervise('steady', { ...quick, forgivenAfterMs: 0 });
    await supervisor.start();
    for (let count = 2; count <= 3; count++) {
      supervisor.kill();
      await ready(count);
    }
    expect(waits()).toEqual([20, 20]);
  });

  it('is started again also when it could not even be spawned for a while', async () => {
    const { supervisor, service } = await supervise('steady');
    await supervisor.start();
    const start = service.start.bind(service);
    const spawning = jest
      .spyOn(service, 'start')
      .mockRejectedValueOnce(new PlatformError('TOOL_MISSING', 'node cannot be run'))
      .mockRejectedValueOnce(new Error('EMFILE: too many open files'))
      .mockImplementation(start);
    supervisor.kill();
    await ready(2);
    expect(spawning).toHaveBeenCalledTimes(3);
    expect(events.flatMap((event) => (event.kind === 'crashed' ? event.ended : []))).toEqual([
      'was ended by SIGKILL',
      expect.stringContaining('node cannot be run'),
      expect.stringContaining('too many open files'),
    ]);
  });

  it('is not started again after it was stopped', async () => {
    const { supervisor } = await supervise('steady', patient);
    await supervisor.start();
    supervisor.kill();
    await eventually(() => expect(kinds()).toContain('crashed'));
    await supervisor.stop();
    expect(kinds().slice(-2)).toEqual(['stopping', 'stopped']);
    expect(supervisor.pid).toBeUndefined();
    expect(supervisor.restarts).toBe(0);
  });
});

describe('stopping a supervised service', () => {
  it('lets it finish its work', async () => {
    const { supervisor, port } = await supervise('steady');
    await supervisor.start();
    await supervisor.stop();
    expect(readFileSync(join(directory, 'steady.log'), 'utf8')).toContain('finished its work');
    expect(await isListening(port)).toBe(false);
  });

  it('kills it when it does not end in time', async () => {
    const { supervisor, port } = await supervise('stubborn', quick, { graceMs: 2_000 });
    await supervisor.start();
    const pid = supervisor.pid ?? 0;
    await supervisor.stop();
    expect(readFileSync(join(directory, 'stubborn.log'), 'utf8')).toContain('not now');
    expect(isAlive(pid)).toBe(false);
    expect(await isListening(port)).toBe(false);
  });

  it('ends it also while it starts, and the start fails', async () => {
    const { supervisor, service } = await supervise('never-ready');
    const start = supervisor.start();
    const outcome = expect(start).rejects.toMatchObject({ code: 'LOCAL_STACK_FAILED' });
    await eventually(() => expect(service.running).toBe(true));
    await supervisor.stop();
    await outcome;
    expect(service.running).toBe(false);
  });

  it('ends it also when it has not even been spawned', async () => {
    const { supervisor, service } = await supervise('steady');
    const outcome = expect(supervisor.start()).rejects.toMatchObject({ code: 'LOCAL_STACK_FAILED' });
    await supervisor.stop();
    await outcome;
    expect(service.running).toBe(false);
  });

  it('ends the wait for another start', async () => {
    const { supervisor } = await supervise('broken', patient);
    const outcome = expect(supervisor.start()).rejects.toMatchObject({ code: 'LOCAL_STACK_FAILED' });
    await eventually(() => expect(kinds()).toContain('crashed'));
    await supervisor.stop();
    await outcome;
    expect(waits()).toHaveLength(1);
  });

  it('can be followed by a new start', async () => {
    const { supervisor } = await supervise('steady');
    await supervisor.start();
    await supervisor.takeDown();
    expect(supervisor.pid).toBeUndefined();
    await supervisor.start();
    expect(isAlive(supervisor.pid ?? 0)).toBe(true);
    expect(kinds()).toEqual(['starting', 'ready', 'stopping', 'stopped', 'starting', 'ready']);
  });
});
