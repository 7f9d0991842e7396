import { describe, expect, it } from '@jest/globals';
import { isAtLeast, parseLogLine } from '../../../local/logs/log-line.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';

describe('a line of a service log', () => {
  it('is read as the services write it', () => {
    const written: string[] = [];
    const destination = { write: (text: string) => written.push(text) };
    createLogger({ service: 'order-service', level: 'info', destination }).warn(
      { queue: 'order_created' },
      'slow',
    );
    const line = parseLogLine(written.join('').trim());
    expect(line).toMatchObject({ level: 'warn', message: 'slow', fields: { queue: 'order_created' } });
    expect(line.time).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
  });

  it('shows the local time of day', () => {
    const noon = new Date(2026, 10, 23, 12, 5, 6, 78);
    expect(parseLogLine(JSON.stringify({ time: noon.toISOString() })).time).toBe('12:05:06.078');
    expect(parseLogLine(JSON.stringify({ time: noon.getTime() })).time).toBe('12:05:06.078');
  });

  it('leaves out what every line repeats', () => {
    const text = JSON.stringify({
      level: 'info',
      service: 'x',
      pid: 1,
      hostname: 'h',
      msg: 'hello',
      orders: 3,
    });
    expect(parseLogLine(text).fields).toEqual({ orders: 3 });
  });

  it.each(['Error: out of memory', '    at main (main.ts:1:2)', '{"cut off', '[1, 2]', 'null'])(
    'that is no record, as %j, counts as an error and is shown as it is',
    (text) => {
      expect(parseLogLine(text)).toEqual({ level: 'error', time: '', message: text, fields: {} });
    },
  );

  it.each([{}, { level: 'loud', time: 'soon', msg: 7 }])('survives the odd record %j', (record) => {
    expect(parseLogLine(JSON.stringify(record))).toMatchObject({ level: 'info', time: '', message: '' });
  });
});

describe('the level of a line', () => {
  it('is compared by severity', () => {
    expect(isAtLeast('warn', 'warn')).toBe(true);
    expect(isAtLeast('fatal', 'error')).toBe(true);
    expect(isAtLeast('info', 'warn')).toBe(false);
    expect(isAtLeast('trace', 'debug')).toBe(false);
  });
});
