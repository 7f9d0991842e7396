import { describe, expect, it } from '@jest/globals';
import { SendBuffer } from '../../workers/messaging/send-buffer.ts';

function bufferOf(limits: { messages?: number; bytes?: number; waiters?: number }) {
  const buffer = new SendBuffer({ messages: 100, bytes: 1_000, waiters: 100, ...limits });
  const log: string[] = [];
  const admit = (name: string, bytes = 1) =>
    buffer.admit({
      bytes,
      enter: () => log.push(`${name} in`),
      refuse: ({ code }) => log.push(`${name} ${code}`),
    });
  return { buffer, log, admit };
}

describe('the places of unconfirmed messages', () => {
  it('are taken at once while there are any', () => {
    const { buffer, log, admit } = bufferOf({ messages: 2 });
    admit('a');
    admit('b');
    expect(log).toEqual(['a in', 'b in']);
    expect(buffer.messages).toBe(2);
  });

  it('are given to those who wait, in turn', () => {
    const { buffer, log, admit } = bufferOf({ messages: 1 });
    for (const name of ['a', 'b', 'c']) admit(name);
    expect(log).toEqual(['a in']);
    expect(buffer.waiting).toBe(2);
    buffer.leave(1);
    expect(log).toEqual(['a in', 'b in']);
    buffer.leave(1);
    expect(log).toEqual(['a in', 'b in', 'c in']);
  });

  it('are refused when too many wait', () => {
    const { log, admit } = bufferOf({ messages: 1, waiters: 1 });
    for (const name of ['a', 'b', 'c']) admit(name);
    expect(log).toEqual(['a in', 'c PUBLISH_BUFFER_FULL']);
  });

  it('are limited by bytes as well', () => {
    const { buffer, log, admit } = bufferOf({ bytes: 10 });
    admit('a', 6);
    admit('b', 6);
    admit('c', 1);
    expect(log).toEqual(['a in']);
    buffer.leave(6);
    expect(log).toEqual(['a in', 'b in', 'c in']);
  });

  it('have room for one message larger than all of them', () => {
    const { buffer, log, admit } = bufferOf({ bytes: 10 });
    admit('huge', 50);
    admit('next', 1);
    expect(log).toEqual(['huge in']);
    buffer.leave(50);
    expect(log).toEqual(['huge in', 'next in']);
  });

  it('go to the next in line when somebody gives up waiting', () => {
    const { buffer, log, admit } = bufferOf({ bytes: 10 });
    admit('a', 6);
    const giveUp = admit('large', 9);
    admit('small', 2);
    giveUp();
    expect(log).toEqual(['a in', 'small in']);
    giveUp();
    buffer.leave(6);
    expect(log).toEqual(['a in', 'small in']);
    expect(buffer.waiting).toBe(0);
  });

  it('are refused to all who wait when the buffer closes', () => {
    const { log, admit, buffer } = bufferOf({ messages: 1 });
    for (const name of ['a', 'b', 'c']) admit(name);
    buffer.close();
    expect(log).toEqual(['a in', 'b PUBLISHER_CLOSED', 'c PUBLISHER_CLOSED']);
  });
});
