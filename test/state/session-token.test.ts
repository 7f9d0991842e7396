import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newSessionToken, parseSessionToken } from '../../workers/state/session-token.ts';

describe('a session token', () => {
  it('names its user and carries 256 random bits', () => {
    const token = newSessionToken('user-1');
    const [userId, secret] = token.text.split('.');
    expect(userId).toBe('user-1');
    expect(Buffer.from(secret ?? '', 'base64url')).toHaveLength(32);
    expect(newSessionToken('user-1').text).not.toBe(token.text);
  });

  it('is stored as its SHA-256 only', () => {
    const { text, digest } = newSessionToken('user-1');
    expect(digest).toBe(createHash('sha256').update(text).digest('base64url'));
  });

  it('is read back as it was made', () => {
    const token = newSessionToken('a_B-9');
    expect(parseSessionToken(token.text)).toEqual(token);
  });

  const secret = 'A'.repeat(43);
  it.each([
    '',
    '.',
    secret,
    `.${secret}`,
    'user-1.',
    `user-1.${secret}A`,
    `user-1.${secret.slice(1)}`,
    `user-1.${secret}=`,
    `user-1.${secret}\n`,
    `user 1.${secret}`,
    `user:1.${secret}`,
    `user.1.${secret}`,
    `üser.${secret}`,
    `${'u'.repeat(65)}.${secret}`,
    `user-1.${secret.slice(1)}\0`,
    'x'.repeat(1_000_000),
  ])('is none for a text that cannot be one (%#)', (text) => {
    expect(parseSessionToken(text)).toBeUndefined();
  });
});
