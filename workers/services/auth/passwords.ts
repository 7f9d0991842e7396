import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { PlatformError } from '../../platform/errors.ts';

/** The work one hash costs: N = 2^logN, r and p (RFC 7914, section 2). Memory is 128 · N · r bytes. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and about a quarter of a second: one of the settings OWASP's password storage cheat sheet holds for equal. */
const standardCost: ScryptCost = { logN: 15, r: 8, p: 3 };

const saltBytes = 16;
const keyBytes = 32;

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/** Hashes passwords and compares them with hashes. */
export interface Passwords {
  /**
   * @returns `$scrypt$ln=…,r=…,p=…$<salt>$<key>`: the cost is in the text, so that it can rise later
   * @throws PlatformError SERVICE_UNAVAILABLE when too many passwords wait to be hashed
   */
  hash(password: string): Promise<string>;
  /**
   * Compares in constant time. Without a hash it works as long and answers false, so that the time does not
   * tell whether an account exists.
   * @throws PlatformError SERVICE_UNAVAILABLE when too many passwords wait to be hashed
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

/**
 * @param options.cost of new hashes @default N = 2^15, r = 8, p = 3
 * @param options.concurrency hashes computed at once. Each holds one of Node's four pool threads, which names and
 *   files need as well @default 2
 * @param options.maxWaiting passwords that may wait for their turn @default 50
 */
export function createPasswords(
  options: { readonly cost?: ScryptCost; readonly concurrency?: number; readonly maxWaiting?: number } = {},
): Passwords {
  const { cost = standardCost, concurrency = 2, maxWaiting = 50 } = options;
  const inTurn = limitConcurrency(concurrency, maxWaiting);
  const keyOf = (password: string, salt: Buffer, { logN, r, p }: ScryptCost) => {
    const N = 2 ** logN;
    // What OpenSSL allocates: V and B of RFC 7914 and room for two blocks.
    const maxmem = 128 * r * (N + p + 2);
    // The same password typed on two systems may differ in code points; NFKC makes them equal (RFC 8265).
    return inTurn(() => derive(password.normalize('NFKC'), salt, keyBytes, { N, r, p, maxmem }));
  };
  const nobody = { cost, salt: randomBytes(saltBytes), key: randomBytes(keyBytes) };
  return {
    hash: async (password) => {
      const salt = randomBytes(saltBytes);
      const key = await keyOf(password, salt, cost);
      return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${salt.toString('base64')}$${key.toString('base64')}`;
    },
    verify: async (password, hash) => {
      const known = hash === undefined ? undefined : parse(hash);
      const { cost: usedCost, salt, key } = known ?? nobody;
      const matches = timingSafeEqual(await keyOf(password, salt, usedCost), key);
      return matches && known !== undefined;
    },
  };
}

function parse(hash: string): { cost: ScryptCost; salt: Buffer; key: Buffer } | undefined {
  const fields = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/=]+)\$([\w+/=]+)$/.exec(hash);
  if (fields === null) return undefined;
  const [, logN, r, p, salt = '', key = ''] = fields;
  const parsed = {
    cost: { logN: Number(logN), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
  return parsed.key.length === keyBytes ? parsed : undefined;
}

/** Runs at most `limit` tasks at once and refuses new ones while `maxWaiting` wait. */
function limitConcurrency(limit: number, maxWaiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= limit) {
      if (waiting.length >= maxWaiting) {
        throw new PlatformError('SERVICE_UNAVAILABLE', 'Too many passwords wait to be checked.');
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await task();
    } finally {
      // The place goes to the next in the queue directly, so that nobody can take it in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
