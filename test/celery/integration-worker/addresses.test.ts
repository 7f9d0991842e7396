import { describe, expect, it } from '@jest/globals';
import { backendUrl, brokerUrl } from './addresses.ts';

describe('the addresses of the integration worker', () => {
  it.each([
    [undefined, 'amqp://guest:guest@localhost'],
    ['pyamqp://', 'amqp://guest:guest@localhost'],
    ['pyamqp://guest@rabbit:5673//', 'amqp://guest:guest@rabbit:5673//'],
    ['amqp://me:secret@rabbit/vhost', 'amqp://me:secret@rabbit/vhost'],
  ])('are as Celery takes them for the broker: %s', (given, expected) => {
    expect(brokerUrl(given)).toBe(expected);
  });

  it.each([
    [undefined, 'redis://localhost'],
    ['redis:///1', 'redis://localhost/1'],
    ['redis://:secret@redis:6380/2', 'redis://:secret@redis:6380/2'],
  ])('are as Celery takes them for results: %s', (given, expected) => {
    expect(backendUrl(given)).toBe(expected);
  });
});
