import { describe, expect, it } from '@jest/globals';
import type { ResultBackend } from '../../../workers/celery/results/result-backend.ts';
import { Gate } from '../../../workers/celery/worker/gate.ts';
import { patientBackend } from '../../../workers/celery/worker/patient-backend.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';

/** A backend that only stores, and only while it is there. */
function fragileBackend() {
  const state = { away: true, stored: 0, tries: 0 };
  const store: ResultBackend['store'] = async () => {
    state.tries += 1;
    if (state.away) throw new PlatformError('STATE_UNAVAILABLE');
    state.stored += 1;
    return 'stored';
  };
  // The tests store and nothing else.
  return { state, backend: { store } as ResultBackend };
}

const result = { id: 'a', state: 'SUCCESS', result: 1 };

describe('a patient backend', () => {
  it('waits for its store with a closed gate, and says so once', async () => {
    const { state, backend } = fragileBackend();
    const [gate, log] = [new Gate(), new MemoryLog()];
    const patient = patientBackend(backend, { gate, log, signal: new AbortController().signal });
    const storing = Promise.all([patient.store(result), patient.store(result)]);
    while (state.tries < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(gate.open).toBe(false);
    state.away = false;
    expect(await storing).toEqual(['stored', 'stored']);
    expect(gate.open).toBe(true);
    expect(log.lines).toHaveLength(1);
  });

  it('fails at the end of its worker', async () => {
    const { backend } = fragileBackend();
    const controller = new AbortController();
    const patient = patientBackend(backend, {
      gate: new Gate(),
      log: new MemoryLog(),
      signal: controller.signal,
    });
    const storing = patient.store(result);
    controller.abort();
    await expect(storing).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
  });
});
