import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnsubscribeLinks } from '../../../workers/notifications/unsubscribe-link.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { failureOf } from '../http-client.ts';
import { goodOrder, reportLinkSecret, startWorld, type World } from './world.ts';

let broker: TestVhost;
let world: World;
beforeAll(async () => {
  broker = await freshVhost(smartEats);
  world = await startWorld(broker);
  await world.gateway.ready();
});
afterAll(async () => {
  await world.end();
  await broker.drop();
});

const cart = (method: string, body?: unknown, token = world.tokens.customer) =>
  world.gateway.call(method, '/cart', { token, body });

describe('a cart', () => {
  const content = { restaurantId: goodOrder.restaurantId, items: goodOrder.items };

  it('is what its customer put into it last, on every device, and nobody else sees it', async () => {
    expect(failureOf(await cart('GET'))).toEqual([404, 'CART_EMPTY']);
    await cart('PUT', { ...content, items: content.items.slice(0, 1) });
    const saved = await cart('PUT', content);
    expect(saved.json).toMatchObject(content);
    expect((await cart('GET')).json).toEqual(saved.json);
    expect(failureOf(await cart('GET', undefined, world.tokens.otherCustomer))).toEqual([404, 'CART_EMPTY']);
    expect((await cart('DELETE')).status).toBe(204);
    expect((await cart('DELETE')).status).toBe(204);
    expect(failureOf(await cart('GET'))).toEqual([404, 'CART_EMPTY']);
  });

  it('takes only what the restaurant has', async () => {
    const wrong = { ...content, items: [{ menuItemId: 'unicorn', quantity: 1 }] };
    expect(failureOf(await cart('PUT', wrong))).toEqual([404, 'MENU_ITEM_UNKNOWN']);
    expect(failureOf(await cart('PUT', { ...content, items: [] }))).toEqual([400, 'REQUEST_INVALID']);
    expect(failureOf(await cart('GET'))).toEqual([404, 'CART_EMPTY']);
  });

  it('is gone a week after its last change', async () => {
    const { json } = await cart('PUT', content);
    const { expiresAt } = json as { expiresAt: string };
    expect((Date.parse(expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
  });
});

describe('the link that ends reminders', () => {
  const links = new UnsubscribeLinks(reportLinkSecret, '');
  const follow = (method: string, path: string, form?: string) =>
    world.gateway.call(
      method,
      path,
      form === undefined ? {} : { headers: { 'content-type': form }, text: 'a=b' },
    );

  it('asks before it does anything, since not only people follow links', async () => {
    const answer = await follow('GET', links.linkFor('customer-1'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.text).toContain('<form method="post">');
    expect(await world.state.stores.reminders.isUnsubscribed('customer-1')).toBe(false);
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'ends them for those who press the button, of the page or of their mail program (%s)',
    async (form) => {
      const user = `customer-${form.length}`;
      const answer = await follow('POST', links.linkFor(user), form);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('You will not be reminded any more');
      expect(await world.state.stores.reminders.isUnsubscribed(user)).toBe(true);
      expect((await follow('GET', links.linkFor(user))).text).toContain('You will not be reminded any more');
    },
  );

  it('does nothing for anybody else than the one it was signed for', async () => {
    const altered = links.linkFor('customer-1').replace('customer-1', 'customer-2');
    for (const path of [altered, '/unsubscribe?user=customer-2&signature=x']) {
      expect(failureOf(await follow('POST', path, 'application/x-www-form-urlencoded'))).toEqual([
        403,
        'UNSUBSCRIBE_LINK_INVALID',
      ]);
    }
    expect(await world.state.stores.reminders.isUnsubscribed('customer-2')).toBe(false);
    expect(failureOf(await follow('GET', '/unsubscribe'))).toEqual([400, 'REQUEST_INVALID']);
  });
});
