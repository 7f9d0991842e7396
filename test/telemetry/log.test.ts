import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogLevel } from '../../workers/telemetry/log.ts';

function record(level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLogger({
    service: 'auth-service',
    level,
    destination: { write: (line: string) => void lines.push(line) },
  });
  return { log, lines };
}

describe('a log line', () => {
  it('is one JSON object with time, level, service and message', () => {
    const { log, lines } = record();
    log.info({ orderId: 'o-1' }, 'order recorded');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'auth-service',
      orderId: 'o-1',
      msg: 'order recorded',
    });
  });

  it('is written from the given level on', () => {
    const { log, lines } = record('warn');
    log.info('not this');
    log.warn('but this');
    expect(lines).toHaveLength(1);
  });

  it.each([
    ['at the top', { password: 'hunter2-hunter2' }],
    ['one level down', { body: { password: 'hunter2-hunter2' } }],
    ['two levels down', { request: { headers: { authorization: 'hunter2-hunter2' } } }],
    ['three levels down', { a: { b: { c: { token: 'hunter2-hunter2' } } } }],
  ])('hides a secret %s', (_where, fields) => {
    const { log, lines } = record();
    log.info(fields, 'a request');
    expect(lines[0]).not.toContain('hunter2-hunter2');
    expect(lines[0]).toContain('[redacted]');
  });

  it("leaves out a failed command's arguments, which can be secrets", () => {
    const { log, lines } = record();
    const err = Object.assign(new Error('WRONGTYPE'), {
      command: { name: 'set', args: ['session:1', 'hunter2'] },
    });
    log.error({ err }, 'Redis refused');
    expect(lines[0]).toContain('WRONGTYPE');
    expect(lines[0]).not.toContain('hunter2');
  });
});
