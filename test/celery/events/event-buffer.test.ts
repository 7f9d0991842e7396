import { describe, expect, it } from '@jest/globals';
import { EventBuffer } from '../../../workers/celery/events/event-buffer.ts';

function filled(count: number, most = 3): EventBuffer {
  const buffer = new EventBuffer(most);
  for (let number = 1; number <= count; number += 1) buffer.push({ number });
  return buffer;
}

describe('events that wait', () => {
  it('come out in the order in which they came, and stay until they are removed', () => {
    const buffer = filled(3);
    expect(buffer.oldest(2)).toEqual([{ number: 1 }, { number: 2 }]);
    expect(buffer.oldest(2)).toEqual([{ number: 1 }, { number: 2 }]);
    buffer.remove(2);
    expect(buffer.oldest(2)).toEqual([{ number: 3 }]);
    buffer.remove(1);
    expect(buffer.isEmpty).toBe(true);
  });

  it('are no more than there is room for: the oldest go, and are counted once', () => {
    const buffer = filled(5);
    expect(buffer.oldest(9)).toEqual([{ number: 3 }, { number: 4 }, { number: 5 }]);
    expect(buffer.takeDropped()).toBe(2);
    expect(buffer.takeDropped()).toBe(0);
  });
});
