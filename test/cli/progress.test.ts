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
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const line = new ProgressLine(5_000);
    for (const [at, text] of [
      [4_000, '1 of 5'],
      [5_000, '2 of 5'],
      [6_000, '3 of 5'],
      [10_000, '4 of 5'],
    ] as const) {
      now.mockReturnValue(at);
      line.show(text);
    }
    line.end('5 of 5');
    expect(lines).toEqual(['2 of 5', '4 of 5', '5 of 5']);
  });

  it('is not printed for what is soon over', () => {
    const line = new ProgressLine(60_000);
    line.show('1 of 3');
    line.print('all done');
    expect(lines).toEqual(['all done']);
  });

  it('is printed again after a line that stays', () => {
    const line = new ProgressLine(0);
    line.show('waiting');
    line.print('something happened');
    line.show('waiting');
    expect(lines).toEqual(['waiting', 'something happened', 'waiting']);
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
