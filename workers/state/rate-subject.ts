import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * The name under which a subject (an address, or e.g. `user-<id>`) is counted, safe as part of a Redis key.
 * All addresses of an IPv6 /64 network are one subject, because a single customer owns at least that many;
 * an IPv4 address is the same one in its IPv6 form.
 */
export function rateSubject(subject: string): string {
  const [address = ''] = subject.split('%', 1); // what follows is a zone, such as %eth0
  if (isIPv6(address)) return ipv6Subject(address);
  if (isIPv4(subject) || /^[A-Za-z0-9._-]{1,80}$/.test(subject)) return subject;
  return `other-${createHash('sha256').update(subject).digest('base64url')}`;
}

function ipv6Subject(address: string): string {
  // A URL writes every form of an address in one way: lower case, shortest, IPv4 in hexadecimal.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped !== null) {
    return mapped
      .slice(1)
      .map((group) => Number.parseInt(group, 16))
      .flatMap((group) => [group >> 8, group & 255])
      .join('.');
  }
  const [head = '', tail] = canonical.split('::');
  const groupsOf = (part: string | undefined) => (part ? part.split(':') : []);
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join('-')}-64`;
}
