import { createHash, randomBytes } from 'node:crypto';

/** A session token as it is given to the user, and the digest under which its session is stored. */
export interface SessionToken {
  readonly userId: string;
  readonly text: string;
  /** SHA-256 of the text, base64url. The token itself is stored nowhere. */
  readonly digest: string;
}

/** A new token of the form `<userId>.<256 random bits as base64url>`. */
export function newSessionToken(userId: string): SessionToken {
  return tokenOf(userId, `${userId}.${randomBytes(32).toString('base64url')}`);
}

/** Reads a token that somebody sent; `undefined` for anything that cannot be one. */
export function parseSessionToken(text: string): SessionToken | undefined {
  const [, userId] = /^([A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{43}$/.exec(text) ?? [];
  return userId === undefined ? undefined : tokenOf(userId, text);
}

function tokenOf(userId: string, text: string): SessionToken {
  return { userId, text, digest: createHash('sha256').update(text).digest('base64url') };
}
