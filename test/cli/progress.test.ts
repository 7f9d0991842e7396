import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProgressLine, printStackEvent, seconds } from '../../cli/progress.ts';

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  jest.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('what happens to the processes of a stack', () => {
  it('is told in a line each, with the time it took', () => {
    printStackEvent({ kind: 'ready', name: 'redis', tookMs: 120 });
    printStackEvent({ kind: 'crashed', name: 'order-service', ended: 'signal SIGKILL', restartInMs: 500 });
    printStackEvent({ kind: 'restarted', name: 'order-service', tookMs: 1_900 });
    expect(lines).toEqual([
      expect.stringMatching(/ready.* redis .*0\.1 s/),
      expect.stringMatching(/crashed.* order-service: signal SIGKILL; starting again in 0\.5 s/),
      expect.stringMatching(/restarted.* order-service .*1\.9 s/),
    ]);
  });

  it('is not told where nobody waits for it', () => {
    printStackEvent({ kind: 'starting', name: 'redis' });
    printStackEvent({ kind: 'stopping', name: 'redis' });
    printStackEvent({ kind: 'stopped', name: 'redis' });
    expect(lines).toEqual([]);
  });
});

describe('a progress line that cannot be written over', () => {
  it('is printed at most once in a while, and its end always', () => {
    const line = new ProgressLine(60_000);
    line.show('1 of 3');
    line.show('2 of 3');
    line.end('3 of 3');
    expect(lines).toEqual(['1 of 3', '3 of 3']);
  });

  it('is not repeated when it has not changed', () => {
    const line = new ProgressLine(0);
    line.show('1 of 1');
    line.show('1 of 1');
    line.end('1 of 1');
    expect(lines).toEqual(['1 of 1']);
  });
});

it.each([
  [0, '0.0 s'],
  [949, '0.9 s'],
  [12_340, '12.3 s'],
])('%d ms are %s', (ms, text) => {
  expect(seconds(ms)).toBe(text);
});
