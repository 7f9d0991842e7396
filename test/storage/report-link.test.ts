import { describe, expect, it } from '@jest/globals';
import { PlatformError } from '../../workers/platform/errors.ts';
import { ReportLinks } from '../../workers/storage/report-link.ts';

const name = { restaurantId: 'roma', reportId: 'sales' };
const now = new Date('2026-11-23T12:00:00.500Z');
const links = new ReportLinks('a secret of the test', 'https://api.example.org/');

function proofOf(url: string) {
  const { searchParams } = new URL(url, 'http://x');
  return { expires: Number(searchParams.get('expires')), signature: searchParams.get('signature') ?? '' };
}

function codeOf(action: () => void): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return error instanceof PlatformError ? error.code : String(error);
  }
}

describe('a link to a report', () => {
  const { url, expiresAt } = links.linkTo(name, now);
  const proof = proofOf(url);
  const checkAt = (moment: string, of = name, given = proof) =>
    codeOf(() => links.check(of, given, new Date(moment)));

  it('leads to the gateway and says until when', () => {
    expect(url).toMatch(
      /^https:\/\/api\.example\.org\/restaurants\/roma\/reports\/sales\?expires=\d+&signature=[\w-]{43}$/,
    );
    expect(expiresAt.toISOString()).toBe('2026-11-30T12:00:00.000Z');
    expect(new ReportLinks('a secret of the test').linkTo(name, now).url).toMatch(/^\/restaurants\/roma\//);
  });

  it('is valid until that moment, and not from it on', () => {
    expect(checkAt('2026-11-30T11:59:59.999Z')).toBe('none');
    expect(checkAt('2026-11-30T12:00:00.000Z')).toBe('REPORT_LINK_EXPIRED');
  });

  it('is for one report of one restaurant, and cannot be altered', () => {
    const at = '2026-11-24T12:00:00.000Z';
    expect(checkAt(at, { ...name, restaurantId: 'thai' })).toBe('REPORT_LINK_INVALID');
    expect(checkAt(at, { ...name, reportId: 'other' })).toBe('REPORT_LINK_INVALID');
    expect(checkAt(at, name, { ...proof, expires: proof.expires + 1 })).toBe('REPORT_LINK_INVALID');
    expect(checkAt(at, name, { ...proof, signature: '' })).toBe('REPORT_LINK_INVALID');
    expect(checkAt('2027-01-01T00:00:00.000Z', name, { ...proof, signature: 'x' })).toBe(
      'REPORT_LINK_INVALID',
    );
  });

  it('cannot be made or checked without a secret', () => {
    const without = new ReportLinks(undefined);
    expect(codeOf(() => without.linkTo(name, now))).toBe('REPORT_LINKS_UNAVAILABLE');
    expect(codeOf(() => without.check(name, proof, now))).toBe('REPORT_LINKS_UNAVAILABLE');
  });
});
