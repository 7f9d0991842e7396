import { describe, expect, it } from '@jest/globals';
import { rateSubject } from '../../workers/state/rate-subject.ts';

describe('the subject of a rate limit', () => {
  it('is an IPv4 address or the name of a user as it is', () => {
    expect(rateSubject('192.0.2.7')).toBe('192.0.2.7');
    expect(rateSubject('user-0193_Ab')).toBe('user-0193_Ab');
  });

  it('is the same for every form of an IPv6 address, and needs no colon', () => {
    const forms = ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8:0000::0001', '2001:db8::0.0.0.1'];
    expect(new Set(forms.map(rateSubject))).toEqual(new Set(['2001-db8-0-0-64']));
  });

  it('is the /64 network, which is what one customer owns at least', () => {
    expect(rateSubject('2001:db8:1:2:aaaa::1')).toBe(rateSubject('2001:db8:1:2:bbbb:cccc:dddd:eeee'));
    expect(rateSubject('2001:db8:1:2::1')).not.toBe(rateSubject('2001:db8:1:3::1'));
    expect(rateSubject('::1')).toBe('0-0-0-0-64');
    expect(rateSubject('1::')).toBe('1-0-0-0-64');
    expect(rateSubject('1:2:3:4:5:6:7:8')).toBe('1-2-3-4-64');
  });

  it('is the IPv4 address of one that is written as IPv6', () => {
    expect(rateSubject('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(rateSubject('::FFFF:c000:0207')).toBe('192.0.2.7');
  });

  it('does not depend on the zone of an address', () => {
    expect(rateSubject('fe80::1%eth0')).toBe('fe80-0-0-0-64');
  });

  it('is a digest where a text could do harm in a key, and differs for different texts', () => {
    const odd = ['', 'a b', 'a:b', 'user-{x}', 'x'.repeat(81), 'user-ü', '1.2.3.4%', '\r\nFLUSHALL\r\n'];
    const subjects = odd.map(rateSubject);
    for (const subject of subjects) expect(subject).toMatch(/^other-[A-Za-z0-9_-]{43}$/);
    expect(new Set(subjects).size).toBe(odd.length);
  });
});
