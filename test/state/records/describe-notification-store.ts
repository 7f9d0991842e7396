import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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
      expect(await notifications.wasSent('o1:order_confirmed:email')).toBe(false);
      await notifications.markSent('o1:order_confirmed:email');
      await notifications.markSent('o1:order_confirmed:email');
      expect(await opened.elsewhere.notifications.wasSent('o1:order_confirmed:email')).toBe(true);
      expect(await notifications.wasSent('o1:order_confirmed:sms')).toBe(false);
    });
  });
}
