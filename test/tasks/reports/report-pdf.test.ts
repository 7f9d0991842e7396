import { describe, expect, it } from '@jest/globals';
import { ReportTally } from '../../../workers/tasks/reports/report-data.ts';
import { renderReport } from '../../../workers/tasks/reports/report-pdf.ts';
import { sampleFigures } from '../../state/samples.ts';
import { pagesOf } from './pdf-text.ts';
import { sampleReport, sampleRestaurantOfReport } from './sample-report.ts';

const createdAt = new Date('2026-11-25T12:00:00Z');

describe('the PDF of a sales report', () => {
  it('names the restaurant and the period, and shows the totals', async () => {
    const { content } = await renderReport(sampleReport('2026-10-01', 31), createdAt);
    const [first = ''] = await pagesOf(content);
    for (const text of [
      'SALES REPORT',
      'Phở Corner – Bún chả & more',
      '1 – 31 October 2026',
      'Alte Schönhauser Straße 46, 10119 Berlin · 31 days · all times in Europe/Berlin',
      '€86,514.40',
      '2,740',
      '€31.57',
      '34 min',
    ]) {
      expect(first).toContain(text);
    }
  });

  it('has a row for each day, with the total at the end, and numbered pages', async () => {
    const { content, pages } = await renderReport(sampleReport('2026-10-01', 31), createdAt);
    const texts = await pagesOf(content);
    expect(texts).toHaveLength(pages);
    const text = texts.join('\n');
    for (let day = 1; day <= 31; day++) expect(text).toMatch(new RegExp(`^\\w{3} ${day} Oct 2026$`, 'm'));
    expect(text).toMatch(/^Total\n2,740\n62\n8,735\n2,709\n34 min\n€31\.57\n€86,514\.40$/m);
    expect(texts.map((page) => /Page \d+ of \d+/.exec(page)?.[0])).toEqual(['Page 1 of 2', 'Page 2 of 2']);
    // The head of the table is repeated where the table goes on.
    expect(texts[1]).toMatch(/^Day\nOrders\nCancelled/);
  });

  it('has charts whose axes fit what they show', async () => {
    const { content } = await renderReport(sampleReport('2026-10-01', 31), createdAt);
    const [first = ''] = await pagesOf(content);
    expect(first).toMatch(/^Revenue\n€0\n€5k\n€10k\n€15k\n00\n03\n06\n09\n12\n15\n18\n21$/m);
    expect(first).toMatch(/^Paid orders\n0\n200\n400\n600\n00\n/m);
  });

  it('shows dishes by name, in whatever letters the typeface has, and else by id', async () => {
    const { content } = await renderReport(sampleReport('2026-10-01', 2), createdAt);
    const [first = ''] = await pagesOf(content);
    for (const dish of ['Phở bò', 'Cà phê sữa đá', 'Борщ', 'ramen']) expect(first).toContain(`\n${dish}\n`);
    expect(first).toMatch(/Summer rolls with tofu .*…/);
  });

  it('says so where nothing was sold', async () => {
    const tally = new ReportTally();
    const nothing = Array.from({ length: 24 }, () => 0);
    tally.add(
      sampleFigures({
        date: '2026-10-01',
        orders: 0,
        sold: 0,
        items: 0,
        sales: [],
        dishes: [],
        soldByHour: nothing,
        deliveryMinutes: [],
      }),
    );
    const data = tally.data(sampleRestaurantOfReport, { from: '2026-10-01', to: '2026-10-01' });
    const [first = ''] = await pagesOf((await renderReport(data, createdAt)).content);
    expect(first).toContain('Nothing was sold in this period.');
    expect(first).toContain('1 October 2026');
    expect(first).toContain('1 day · ');
  });

  it('mentions what was sold in another currency, which it does not add to the rest', async () => {
    const tally = new ReportTally();
    const byHour = Array.from({ length: 24 }, () => 0);
    const sales = [
      { currency: 'EUR', orders: 2, amountMinor: 5_000, amountMinorByHour: byHour },
      { currency: 'JPY', orders: 1, amountMinor: 1_200, amountMinorByHour: byHour },
    ];
    tally.add(sampleFigures({ sales }));
    const data = tally.data(sampleRestaurantOfReport, { from: '2026-11-23', to: '2026-11-23' });
    const [first = ''] = await pagesOf((await renderReport(data, createdAt)).content);
    expect(first).toContain('Not in these amounts: ¥1,200 (JPY) in 1 order.');
    expect(first).toContain('€50.00');
  });

  it('of the longest range stays small', async () => {
    const { content, pages } = await renderReport(sampleReport('2025-10-01', 366, 40), createdAt);
    expect(pages).toBeLessThan(15);
    // The greatest numbers are there to their last digit.
    const last = (await pagesOf(content)).at(-1);
    expect(last).toMatch(/^Total\n1,319,488\n732\n4,203,578\n1,319,122\n34 min\n€31\.55\n€41,634,979\.20$/m);
    expect(content.length).toBeLessThan(200_000);
  });
});
