import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { watchForSilence } from '../../workers/messaging/silence-watch.ts';

describe('the watch for a silent connection', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells once, before two heartbeats have passed', () => {
    const onSilence = jest.fn();
    watchForSilence({ bytesRead: 0 }, 10_000, onSilence);
    jest.advanceTimersByTime(15_000);
    expect(onSilence).not.toHaveBeenCalled();
    jest.advanceTimersByTime(5_000);
    expect(onSilence).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(60_000);
    expect(onSilence).toHaveBeenCalledTimes(1);
  });

  it('keeps quiet while something arrives every heartbeat', () => {
    const onSilence = jest.fn();
    const socket = { bytesRead: 0 };
    watchForSilence(socket, 10_000, onSilence);
    for (let beat = 0; beat < 20; beat += 1) {
      socket.bytesRead += 8;
      jest.advanceTimersByTime(10_000);
    }
    expect(onSilence).not.toHaveBeenCalled();
  });

  it('ends when told to', () => {
    const onSilence = jest.fn();
    const end = watchForSilence({ bytesRead: 0 }, 10_000, onSilence);
    end();
    jest.advanceTimersByTime(60_000);
    expect(onSilence).not.toHaveBeenCalled();
  });
});
