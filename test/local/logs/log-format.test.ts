import { describe, expect, it } from '@jest/globals';
import { logFormat } from '../../../local/logs/log-format.ts';
import type { LogLine } from '../../../local/logs/log-line.ts';

const line = (parts: Partial<LogLine>): LogLine => ({
  level: 'info',
  time: '12:34:56.789',
  message: 'ready',
  fields: {},
  ...parts,
});

const plain = logFormat(['auth', 'api-gateway'], false);

describe('a printed log line', () => {
  it('begins with the name of its process, in a column as wide as the longest', () => {
    expect(plain.line('auth', line({}))).toBe('auth        | info  12:34:56.789 ready');
    expect(plain.line('api-gateway', line({}))).toBe('api-gateway | info  12:34:56.789 ready');
  });

  it('shows fields as key=value, quoted where they need it', () => {
    const fields = {
      queue: 'order_created',
      attempt: 3,
      reason: 'two words',
      empty: '',
      list: [1, 2],
      odd: 'a=b',
    };
    expect(plain.line('auth', line({ fields }))).toBe(
      'auth        | info  12:34:56.789 ready queue=order_created attempt=3 reason="two words" empty="" list=[1,2] odd="a=b"',
    );
  });

  it('has no gap where a line has no time', () => {
    expect(plain.line('auth', line({ time: '', level: 'error' }))).toBe('auth        | error ready');
  });

  it('shows the message of an error, and where it arose when the line is an error itself', () => {
    const err = {
      type: 'Error',
      message: 'no way',
      stack: 'Error: no way\n    at walk (path.ts:3:1)\n    at main',
    };
    expect(plain.line('auth', line({ level: 'warn', fields: { err } }))).toBe(
      'auth        | warn  12:34:56.789 ready err="no way"',
    );
    expect(plain.line('auth', line({ level: 'error', fields: { err } })).split('\n')).toEqual([
      'auth        | error 12:34:56.789 ready err="no way"',
      'auth        |       at walk (path.ts:3:1)',
      'auth        |       at main',
    ]);
  });

  it('never hands control characters to the terminal', () => {
    const hostile = '\u001b[2Jgone\u009b31m\nnext\r';
    const shown = plain.line(
      'auth',
      line({ message: hostile, fields: { [hostile]: hostile, object: { hostile } } }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(shown).toContain('\\u001b[2Jgone\\u009b31m\\nnext\\r');
  });

  it('uses colours only when asked to, one for each process', () => {
    const coloured = logFormat(['auth', 'api-gateway'], true);
    const [one, other] = ['auth', 'api-gateway'].map((name) => coloured.line(name, line({ message: '' })));
    const colourOf = (text = '') => text.slice(0, text.indexOf('m') + 1);
    expect(colourOf(one).startsWith('\u001b[')).toBe(true);
    expect(colourOf(one)).not.toBe(colourOf(other));
    expect(plain.line('auth', line({ level: 'fatal' }))).not.toContain('\u001b');
  });
});
