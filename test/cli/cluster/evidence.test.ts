import { describe, expect, it } from '@jest/globals';
import type { CoreV1Event } from '@kubernetes/client-node';
import { warningTexts } from '../../../cli/cluster/evidence.ts';

interface Times {
  readonly lastTimestamp?: Date;
  readonly eventTime?: string;
}

/** An event as the client library reads it from an answer of the API. */
function event(reason: string, times: Times): CoreV1Event {
  const read = { reason, message: `about ${reason}`, metadata: {}, involvedObject: {}, ...times };
  // The library's type says that eventTime is a Date; what it reads is the text.
  return read as unknown as CoreV1Event;
}

describe('the warnings about an object', () => {
  it('are told in the order in which they happened, whichever way an event gives its time', () => {
    const events = [
      event('Third', { lastTimestamp: new Date('2026-11-23T02:00:03Z') }),
      event('Second', { eventTime: '2026-11-23T02:00:02.000001Z' }),
      event('First', { lastTimestamp: new Date('2026-11-23T02:00:01Z') }),
    ];
    expect(warningTexts(events)).toEqual([
      'First: about First',
      'Second: about Second',
      'Third: about Third',
    ]);
  });

  it('are told once each, without those that say only that it was tried again', () => {
    const at = { lastTimestamp: new Date('2026-11-23T02:00:01Z') };
    expect(warningTexts([event('Failed', at), event('BackOff', at), event('Failed', at)])).toEqual([
      'Failed: about Failed',
    ]);
  });
});
