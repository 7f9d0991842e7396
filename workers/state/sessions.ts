import { z } from 'zod';
import { redisKey, redisKeys } from '../platform/redis-keys.ts';
import { Role } from './records/users.ts';
import type { RedisConnection } from './redis-connection.ts';
import { countActiveUsers } from './scripts/count-active-users.ts';
import { createSession } from './scripts/create-session.ts';
import { revokeAllSessions } from './scripts/revoke-all-sessions.ts';
import { revokeSession } from './scripts/revoke-session.ts';
import { newSessionToken, parseSessionToken } from './session-token.ts';

const instant = z.int().transform((ms) => new Date(ms));

const StoredSession = z.object({
  role: Role,
  restaurantId: z.string().optional(),
  issuedAt: instant,
  expiresAt: instant,
});

/** What a session says about the user who holds its token. */
export interface Session extends z.output<typeof StoredSession> {
  readonly userId: string;
}

/** Sessions of users, behind opaque tokens. Every method throws PlatformError STATE_UNAVAILABLE while Redis is away. */
export interface Sessions {
  /** Opens a session; the oldest ones of a user with many make room for it. */
  create(
    userId: string,
    says: { readonly role: Role; readonly restaurantId?: string | undefined },
  ): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /** The live session of a token; `undefined` for a token that is malformed, unknown, expired or revoked. */
  verify(token: string): Promise<Session | undefined>;
  /** Ends the session of a token. @returns whether there was one */
  revoke(token: string): Promise<boolean>;
  /** Ends every session of a user. @returns how many there were */
  revokeAll(userId: string): Promise<number>;
  /** How many users have a live session. */
  countActive(): Promise<number>;
}

/**
 * @param limits.lifetimeMs how long a session lives, at most the declared life of its key; @default that life
 * @param limits.perUser how many sessions a user may have; @default 10
 */
export function createSessions(
  connection: RedisConnection,
  limits: { readonly lifetimeMs?: number; readonly perUser?: number } = {},
): Sessions {
  const { lifetimeMs = redisKeys.session.ttlSeconds * 1_000, perUser = 10 } = limits;
  const activeUsers = redisKey('activeUsers', {});

  return {
    async create(userId, says) {
      const token = newSessionToken(userId);
      const expiresAt = await connection.script(
        createSession,
        [redisKey('session', { userId }), activeUsers],
        [userId, token.digest, JSON.stringify(says), lifetimeMs, perUser],
      );
      return { token: token.text, expiresAt: new Date(expiresAt) };
    },

    async verify(text) {
      const token = parseSessionToken(text);
      if (token === undefined) return undefined;
      const key = redisKey('session', { userId: token.userId });
      const stored = await connection.run((redis) => redis.hget(key, token.digest));
      const session = stored === null ? undefined : parseSession(stored);
      if (session === undefined || session.expiresAt.getTime() <= Date.now()) return undefined;
      return { userId: token.userId, ...session };
    },

    async revoke(text) {
      const token = parseSessionToken(text);
      if (token === undefined) return false;
      const keys = [redisKey('session', { userId: token.userId }), activeUsers];
      return (await connection.script(revokeSession, keys, [token.userId, token.digest])) === 1;
    },

    revokeAll: (userId) =>
      connection.script(revokeAllSessions, [redisKey('session', { userId }), activeUsers], [userId]),

    countActive: () => connection.script(countActiveUsers, [activeUsers], []),
  };
}

/** A session that cannot be read is no session: the user logs in again. */
function parseSession(text: string): z.output<typeof StoredSession> | undefined {
  try {
    return StoredSession.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
