import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleUser } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

export function describeUserStore(open: OpenStores): void {
  describe('the user store', () => {
    let opened: OpenedStores;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('finds an account by its id and by its e-mail address', async () => {
      const user = sampleUser({ phone: '+4915112345678', role: 'restaurant', restaurantId: 'r1' });
      expect(await opened.stores.users.create(user)).toBe(true);
      expect(await opened.elsewhere.users.find(user.userId)).toEqual(user);
      expect(await opened.elsewhere.users.findByEmail(user.email)).toEqual(user);
    });

    it('does not know an account that was never created', async () => {
      expect(await opened.stores.users.find('nobody')).toBeUndefined();
      expect(await opened.stores.users.findByEmail('nobody@example.com')).toBeUndefined();
    });

    it('ignores the case of an e-mail address', async () => {
      const user = sampleUser({ email: 'Ann.Smith@Example.com' });
      await opened.stores.users.create(user);
      expect(await opened.stores.users.findByEmail('ANN.smith@example.COM')).toEqual(user);
      expect(await opened.stores.users.create(sampleUser({ email: 'ann.smith@example.com' }))).toBe(false);
    });

    it('leaves the first account as it is when its address is taken', async () => {
      const first = sampleUser({ email: 'ann@example.com', name: 'First' });
      const second = sampleUser({ email: 'ann@example.com', name: 'Second' });
      await opened.stores.users.create(first);
      expect(await opened.stores.users.create(second)).toBe(false);
      expect(await opened.stores.users.findByEmail('ann@example.com')).toEqual(first);
      expect(await opened.stores.users.find(second.userId)).toBeUndefined();
    });

    it('does not replace an account whose id is used again with another address', async () => {
      const first = sampleUser();
      await opened.stores.users.create(first);
      const second = { ...first, email: 'other@example.com' };
      expect(await opened.stores.users.create(second)).toBe(false);
      expect(await opened.stores.users.find(first.userId)).toEqual(first);
      expect(await opened.stores.users.findByEmail('other@example.com')).toBeUndefined();
    });

    it('takes the same account twice, as a repetition after a lost answer sends it', async () => {
      const user = sampleUser();
      expect(await opened.stores.users.create(user)).toBe(true);
      expect(await opened.stores.users.create(user)).toBe(true);
      expect(await opened.stores.users.create({ ...user, name: 'Changed' })).toBe(false);
      expect(await opened.stores.users.find(user.userId)).toEqual(user);
    });

    it('gives an address to exactly one of many that want it at once', async () => {
      const users = Array.from({ length: 100 }, () => sampleUser({ email: 'wanted@example.com' }));
      const created = await Promise.all(
        users.map((user, i) => (i % 2 === 0 ? opened.stores : opened.elsewhere).users.create(user)),
      );
      expect(created.filter(Boolean)).toHaveLength(1);
      const winner = users[created.indexOf(true)];
      expect(await opened.stores.users.findByEmail('wanted@example.com')).toEqual(winner);
    });
  });
}
