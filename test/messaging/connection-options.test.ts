import { describe, expect, it } from '@jest/globals';
import { brokerTarget } from '../../workers/messaging/connection-options.ts';

describe('the address of the broker', () => {
  it('is read from a URL, with what is percent-encoded in it', () => {
    const { connect, display } = brokerTarget({ url: 'amqp://us%40er:p%2Fw%20%C3%BC@host:5673/a%2Fb' });
    expect(connect).toEqual({
      protocol: 'amqp',
      hostname: 'host',
      port: 5673,
      username: 'us@er',
      password: 'p/w ü',
      // The client library decodes it once more.
      vhost: 'a%2Fb',
      heartbeat: 10,
    });
    expect(display).toBe('amqp://host:5673/a%2Fb');
  });

  it('has defaults for port, user and virtual host', () => {
    expect(brokerTarget({ url: 'amqp://host' }).connect).toMatchObject({
      port: 5672,
      username: 'guest',
      password: 'guest',
      vhost: '%2F',
    });
    expect(brokerTarget({ url: 'amqps://host/' }).connect).toMatchObject({ protocol: 'amqps', port: 5671 });
  });

  it('takes an IPv6 address', () => {
    expect(brokerTarget({ url: 'amqp://u:p@[::1]:5672' }).connect.hostname).toBe('::1');
  });

  it('always has heartbeats, because nothing else finds a half-open connection', () => {
    expect(brokerTarget({ url: 'amqp://host', heartbeatSeconds: 0 }).connect.heartbeat).toBe(1);
  });

  it('is read from its parts', () => {
    const target = brokerTarget({ host: 'host', user: 'u', password: 'p w', heartbeatSeconds: 2 });
    expect(target.connect).toMatchObject({
      hostname: 'host',
      port: 5672,
      password: 'p w',
      vhost: '%2F',
      heartbeat: 2,
    });
  });

  it.each([
    ['not a url', 'cannot be parsed'],
    ['http://user:secret@host', 'must begin with amqp:// or amqps://'],
    ['amqp://user:secret@', 'cannot be parsed'],
    ['amqp://user:%secret@host', 'has a %'],
    ['amqp:///vhost', 'names no host'],
  ])('is refused as %p without naming the password', (url, why) => {
    const attempt = () => brokerTarget({ url });
    expect(attempt).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(attempt).toThrow(why);
    expect(attempt).not.toThrow('secret');
  });

  it('is shown without user and password', () => {
    expect(brokerTarget({ url: 'amqp://user:secret@host/v' }).display).not.toMatch(/user|secret/);
  });
});
