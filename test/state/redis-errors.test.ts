import { describe, expect, it } from '@jest/globals';
import { ReplyError } from 'ioredis';
import { PlatformError } from '../../workers/platform/errors.ts';
import { asStateError, isStateUnavailable, stateUnavailable } from '../../workers/state/redis-errors.ts';

/** An error reply as ioredis builds it. */
function reply(message: string, name = 'get', args: readonly unknown[] = ['user:u1']): Error {
  const error: Error = new ReplyError(message);
  return Object.assign(error, { command: { name, args } });
}

describe('an error of Redis', () => {
  it.each([
    'LOADING Redis is loading the dataset in memory',
    "READONLY You can't write against a read only replica. script: abc, on @user_script:3.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'NOREPLICAS Not enough good replicas to write.',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    'MISCONF Errors writing to the AOF file: No space left on device',
    "OOM command not allowed when used memory > 'maxmemory'.",
    'NOAUTH Authentication required.',
  ])('that passes by itself is STATE_UNAVAILABLE: %s', (message) => {
    const error = asStateError(reply(message));
    expect(isStateUnavailable(error)).toBe(true);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  });

  it.each([
    'ERR unknown command',
    'ERR Error compiling script (new function): user_script:3',
    'NOPERM this user has no permissions to run the command',
    'BUSYGROUP Consumer Group name already exists',
    'ERR value is not an integer or out of range script: abc, on @user_script:12.',
  ])('that is our fault is not hidden: %s', (message) => {
    const error = reply(message);
    expect(asStateError(error)).toBe(error);
  });

  it('loses the arguments of its command, which may be personal data', () => {
    const fault = asStateError(reply('ERR syntax error', 'set', ['user:u1', '{"email":"ann@example.com"}']));
    expect(JSON.stringify(fault)).not.toContain('ann@example.com');
    const passing = asStateError(reply('OOM command not allowed', 'set', ['user:u1', 'ann@example.com']));
    expect(JSON.stringify((passing as Error).cause)).not.toContain('ann@example.com');
  });

  it('about the type of a key is RECORD_CORRUPT and names the key', () => {
    const error = asStateError(reply('WRONGTYPE Operation against a key holding the wrong kind of value'));
    expect(error).toMatchObject({ code: 'RECORD_CORRUPT', details: { keys: ['user:u1'] } });
  });

  it('about the type of a key in a script names the keys of the script', () => {
    const error = asStateError(
      reply('WRONGTYPE …', 'evalsha', ['abc', 2, 'order:o1', 'orders:counts', 'paid']),
    );
    expect(error).toMatchObject({ code: 'RECORD_CORRUPT', details: { keys: ['order:o1', 'orders:counts'] } });
  });
});

describe('an error of the connection', () => {
  it.each([
    'Connection is closed.',
    'Command timed out',
    "Stream isn't writeable and enableOfflineQueue options is false",
  ])('is STATE_UNAVAILABLE: %s', (message) => {
    expect(isStateUnavailable(asStateError(new Error(message)))).toBe(true);
  });

  it('of the operating system is STATE_UNAVAILABLE', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    expect(isStateUnavailable(asStateError(error))).toBe(true);
  });

  it('keeps what happened as its cause', () => {
    const cause = new Error('Command timed out');
    expect(asStateError(cause)).toMatchObject({ cause });
    expect(stateUnavailable('gone').message).toContain('gone');
  });
});

describe('any other error', () => {
  it('stays what it is', () => {
    for (const error of [new TypeError('x is not a function'), new PlatformError('RECORD_CORRUPT'), 'text']) {
      expect(asStateError(error)).toBe(error);
      expect(isStateUnavailable(error)).toBe(false);
    }
  });
});
