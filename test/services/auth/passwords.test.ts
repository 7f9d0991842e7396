import { describe, expect, it } from '@jest/globals';
import { createPasswords } from '../../../workers/services/auth/passwords.ts';

/** As cheap as scrypt gets, for tests that are not about the cost. */
const cheap = { logN: 4, r: 1, p: 1 };

describe('a password hash', () => {
  it('belongs to its password and to no other', async () => {
    const passwords = createPasswords({ cost: cheap });
    const hash = await passwords.hash('correct horse');
    expect(await passwords.verify('correct horse', hash)).toBe(true);
    expect(await passwords.verify('Correct horse', hash)).toBe(false);
    expect(hash).not.toContain('correct');
  });

  it('is different each time', async () => {
    const passwords = createPasswords({ cost: cheap });
    expect(await passwords.hash('correct horse')).not.toBe(await passwords.hash('correct horse'));
  });

  it('says what it cost, so that it holds after the cost has risen', async () => {
    const old = await createPasswords({ cost: cheap }).hash('correct horse');
    expect(old).toMatch(/^\$scrypt\$ln=4,r=1,p=1\$/);
    const now = createPasswords({ cost: { logN: 6, r: 2, p: 1 } });
    expect(await now.verify('correct horse', old)).toBe(true);
    expect(await now.hash('correct horse')).toMatch(/^\$scrypt\$ln=6,r=2,p=1\$/);
  });

  it('costs 32 MiB three times over unless it is told otherwise', async () => {
    expect(await createPasswords().hash('correct horse')).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  });

  it('takes the same letters typed in another Unicode form', async () => {
    const passwords = createPasswords({ cost: cheap });
    const hash = await passwords.hash('caf\u00e9 au lait');
    expect(await passwords.verify('cafe\u0301 au lait', hash)).toBe(true);
  });

  it.each(['', 'plain', '$scrypt$ln=4,r=1,p=1$c2FsdA==$c2hvcnQ=', '$argon2id$v=19$m=1$a$b'])(
    'that is unreadable (%j) matches nothing',
    async (hash) => {
      expect(await createPasswords({ cost: cheap }).verify('correct horse', hash)).toBe(false);
    },
  );

  it('that does not exist is compared with as much work as one that does', async () => {
    const passwords = createPasswords({ cost: { logN: 13, r: 8, p: 1 } });
    const hash = await passwords.hash('correct horse');
    const work = async (known: string | undefined) => {
      const before = process.cpuUsage();
      for (let i = 0; i < 5; i += 1) await passwords.verify('wrong horse', known);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    await work(hash);
    // A comparison that did nothing would take a hundredth.
    expect(await work(undefined)).toBeGreaterThan((await work(hash)) / 3);
  });
});

describe('hashing many passwords at once', () => {
  it('refuses what would wait too long, and serves the rest', async () => {
    const passwords = createPasswords({ cost: cheap, concurrency: 1, maxWaiting: 2 });
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => passwords.hash('correct horse')),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(results[4]).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE' } });
    await expect(passwords.hash('correct horse')).resolves.toContain('$scrypt$');
  });

  it('gives the place of a failed one to the next', async () => {
    const passwords = createPasswords({ cost: { ...cheap, logN: 0 }, concurrency: 1 });
    const results = await Promise.allSettled([passwords.hash('a'), passwords.hash('b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
