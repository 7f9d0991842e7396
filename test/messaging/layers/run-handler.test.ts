import { describe, expect, it } from '@jest/globals';
import { runHandler } from '../../../workers/messaging/layers/run-handler.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { deliveryOf } from '../delivery-of.ts';

async function outcomeOf(thrown: unknown) {
  return runHandler(async () => {
    throw thrown;
  })(deliveryOf({}));
}

describe('running a handler', () => {
  it('is done when the handler returns; the handler gets payload and delivery', async () => {
    const seen: unknown[] = [];
    const delivery = deliveryOf({ payload: { n: 4 } });
    const outcome = await runHandler(async (...given) => {
      seen.push(...given);
    })(delivery);
    expect(outcome).toEqual({ kind: 'done' });
    expect(seen).toEqual([{ n: 4 }, delivery]);
  });

  it('sends a message to the dead letters that the handler rejects', async () => {
    const error = new PlatformError('MESSAGE_REJECTED', 'no such order');
    expect(await outcomeOf(error)).toEqual({
      kind: 'dead',
      code: 'MESSAGE_REJECTED',
      reason: 'no such order',
      error,
    });
  });

  it.each([
    'STATE_UNAVAILABLE',
    'BROKER_UNAVAILABLE',
    'SERVICE_UNAVAILABLE',
    'PUBLISH_BUFFER_FULL',
    'PUBLISH_REFUSED',
    'PUBLISHER_CLOSED',
  ] as const)('postpones on %s, which is no fault of the message', async (code) => {
    expect(await outcomeOf(new PlatformError(code))).toMatchObject({ kind: 'postpone' });
  });

  it.each([
    new PlatformError('NO_DRIVER_FREE'),
    new PlatformError('PUBLISH_UNROUTABLE'),
    new TypeError('undefined is not a function'),
    'a text',
    undefined,
  ])('tries again after %p', async (thrown) => {
    expect(await outcomeOf(thrown)).toEqual({ kind: 'retry', error: thrown });
  });

  it('is no different for a handler that throws before it returns a promise', async () => {
    const handle = runHandler(() => {
      throw new Error('at once');
    });
    expect(await handle(deliveryOf({}))).toMatchObject({ kind: 'retry' });
  });
});
