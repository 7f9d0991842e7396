import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

export function describeNotificationStore(open: OpenStores): void {
  describe('the notification store', () => {
    let opened: OpenedStores;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('remembers each notification that was sent, and no other', async () => {
      const { notifications } = opened.stores;
      await notifications.markSent('o1:order_confirmed:email');
      await notifications.markSent('o1:order_confirmed:email');
      expect(await opened.elsewhere.notifications.claim('o1:order_confirmed:email', 60_000)).toBe('sent');
      expect(await notifications.claim('o1:order_confirmed:sms', 60_000)).toHaveProperty('giveBack');
    });

    it('lets one of many send a notification', async () => {
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).notifications.claim(
            'o1:order_delivered:email',
            60_000,
          ),
        ),
      );
      expect(claims.filter((claim) => claim === 'under way')).toHaveLength(19);
    });

    it('lets others send a notification that was given back', async () => {
      const claim = await opened.stores.notifications.claim('o2:order_delivered:email', 60_000);
      if (typeof claim === 'string') throw new Error(`it is ${claim}`);
      await claim.giveBack();
      const again = await opened.elsewhere.notifications.claim('o2:order_delivered:email', 60_000);
      expect(again).toHaveProperty('giveBack');
      // The first claim is over; it has no say in the second one.
      await claim.giveBack();
      expect(await opened.stores.notifications.claim('o2:order_delivered:email', 60_000)).toBe('under way');
    });

    it('lets others send a notification when the claim of a process that died has ended', async () => {
      await opened.stores.notifications.claim('o3:order_delivered:email', 50);
      await eventually(async () => {
        expect(await opened.elsewhere.notifications.claim('o3:order_delivered:email', 60_000)).toHaveProperty(
          'giveBack',
        );
      });
    });

    it('keeps others away for as long as a claim is renewed', async () => {
      const claim = await opened.stores.notifications.claim('o5:order_delivered:email', 2_000);
      if (typeof claim === 'string') throw new Error(`it is ${claim}`);
      await claim.renew(60_000);
      await delay(2_200);
      expect(await opened.elsewhere.notifications.claim('o5:order_delivered:email', 60_000)).toBe(
        'under way',
      );
    });

    it('does not renew a claim that has ended, nor one of somebody else', async () => {
      const ended = await opened.stores.notifications.claim('o6:order_delivered:email', 1);
      if (typeof ended === 'string') throw new Error(`it is ${ended}`);
      await delay(20);
      await ended.renew(60_000);
      const next = await opened.elsewhere.notifications.claim('o6:order_delivered:email', 300);
      expect(next).toHaveProperty('giveBack');
      await ended.renew(60_000);
      await delay(400);
      expect(await opened.stores.notifications.claim('o6:order_delivered:email', 60_000)).toHaveProperty(
        'giveBack',
      );
    });

    it('leaves a notification sent that is given back too late', async () => {
      const claim = await opened.stores.notifications.claim('o4:order_delivered:email', 60_000);
      if (typeof claim === 'string') throw new Error(`it is ${claim}`);
      await opened.elsewhere.notifications.markSent('o4:order_delivered:email');
      await claim.giveBack();
      expect(await opened.stores.notifications.claim('o4:order_delivered:email', 60_000)).toBe('sent');
    });
  });
}
