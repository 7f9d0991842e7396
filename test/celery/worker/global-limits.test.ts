import { expect, it } from '@jest/globals';
import { mayLimitGlobally } from '../../../workers/celery/worker/global-limits.ts';

it.each([
  ['3.10.8', true],
  ['3.13.7', true],
  ['4.0.5', true],
  ['4.2.11', true],
  ['4.3.0', false],
  ['4.3.6', false],
  ['4.10.0', false],
  ['5.0.0-rc.1', false],
])('RabbitMQ %s may limit the messages of all consumers of a channel: %s', (version, expected) => {
  expect(mayLimitGlobally(version)).toBe(expected);
});

it('a broker of which the version is not known may not', () => {
  expect(mayLimitGlobally(undefined)).toBe(false);
  expect(mayLimitGlobally('unknown')).toBe(false);
});
