import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { ReportLinks, reportKey } from '../../../workers/storage/report-link.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { failureOf } from '../http-client.ts';
import { reportLinkSecret, startWorld, type World } from './world.ts';

const name = { restaurantId: 'pasta-porta', reportId: 'sales_2026-11-01_2026-11-30' };
const pdf = Buffer.from('%PDF-1.7 the sales of November');
const links = new ReportLinks(reportLinkSecret);

let broker: TestVhost;
let world: World;
beforeAll(async () => {
  broker = await freshVhost(smartEats);
  world = await startWorld(broker);
  await world.reports.put(reportKey(name), pdf, 'application/pdf');
  await world.gateway.ready();
});
afterAll(async () => {
  await world.end();
  await broker.drop();
});

const get = (path: string, token?: string) => world.gateway.call('GET', path, { token });
const linkOf = (of = name, at = new Date()) => links.linkTo(of, at).url;

describe('the report of a restaurant', () => {
  it('is fetched by its link, without anything else', async () => {
    const answer = await get(linkOf());
    expect([answer.status, answer.text]).toEqual([200, pdf.toString()]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(pdf.length),
      'content-disposition': 'inline; filename="pasta-porta_sales_2026-11-01_2026-11-30.pdf"',
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
    });
  });

  it('is not given to somebody who is signed in as somebody else, whatever link they have', async () => {
    const { restaurant, otherRestaurant, customer } = world.tokens;
    expect((await get(linkOf(), restaurant)).status).toBe(200);
    for (const token of [otherRestaurant, customer]) {
      expect(failureOf(await get(linkOf(), token))).toEqual([403, 'AUTH_FORBIDDEN']);
    }
  });

  it('is not given for a link that was altered in any part', async () => {
    const link = linkOf();
    const later = link.replace(/expires=(\d+)/, (_, expires) => `expires=${Number(expires) + 1}`);
    const forged = new ReportLinks('another secret of somebody').linkTo(name, new Date()).url;
    const altered = [
      later,
      forged,
      link.replace('pasta-porta', 'spice-route'),
      link.replace('2026-11-01', '2026-10-01'),
      link.slice(0, -1),
      `${link}A`,
    ];
    for (const each of altered) expect(failureOf(await get(each))).toEqual([403, 'REPORT_LINK_INVALID']);
  });

  it('is not given without a link, to its owner neither', async () => {
    const path = `/restaurants/${name.restaurantId}/reports/${name.reportId}`;
    expect(failureOf(await get(path, world.tokens.restaurant))).toEqual([400, 'REQUEST_INVALID']);
  });

  it('is not given once the link has expired, and its owner gets a new one', async () => {
    const weekAgo = new Date(Date.now() - 7 * 86_400_000);
    expect(failureOf(await get(linkOf(name, weekAgo)))).toEqual([403, 'REPORT_LINK_EXPIRED']);
    const path = `/restaurants/${name.restaurantId}/reports/${name.reportId}/link`;
    const { otherRestaurant, restaurant } = world.tokens;
    expect(failureOf(await world.gateway.call('POST', path, { token: otherRestaurant }))).toEqual([
      403,
      'AUTH_FORBIDDEN',
    ]);
    const { json } = await world.gateway.call('POST', path, { token: restaurant });
    const { url, expiresAt } = json as { readonly url: string; readonly expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(url.startsWith('https://api.smarteats.example/restaurants/')).toBe(true);
    expect((await get(url.replace('https://api.smarteats.example', ''))).status).toBe(200);
  });

  it('that does not exist is not found', async () => {
    const nothing = { ...name, reportId: 'nothing' };
    expect(failureOf(await get(linkOf(nothing)))).toEqual([404, 'REPORT_UNKNOWN']);
  });
});

describe('a gateway without a secret for links', () => {
  it('says what is missing', async () => {
    const other = await startWorld(broker, { REPORT_LINK_SECRET: '' });
    await other.gateway.ready();
    expect(failureOf(await other.gateway.call('GET', linkOf()))).toEqual([503, 'REPORT_LINKS_UNAVAILABLE']);
    await other.end();
  });
});
