import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Charge } from '../../../workers/services/payment-sandbox/charge.ts';
import { ChargeJournal } from '../../../workers/services/payment-sandbox/charge-journal.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-journal-'));
  path = join(directory, 'deeper', 'ledger.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const charge = (chargeId: string): Charge => ({
  chargeId,
  orderId: 'order-1',
  amountMinor: 1_250,
  currency: 'eur',
  status: 'succeeded',
  paymentMethod: 'pm_card_visa',
  idempotencyKey: `${chargeId}-key`,
  fingerprint: 'f',
  at: '2026-01-01T00:00:00.000Z',
});

/** Opens, adds the charges, closes. */
async function write(...charges: readonly Charge[]): Promise<void> {
  const { journal } = await ChargeJournal.open(path);
  await Promise.all(charges.map((each) => journal.append(each)));
  await journal.close();
}

async function read(): Promise<readonly string[]> {
  const { journal, charges } = await ChargeJournal.open(path);
  await journal.close();
  return charges.map(({ chargeId }) => chargeId);
}

describe('a journal whose file cannot be', () => {
  it('is refused with the reason', async () => {
    writeFileSync(join(directory, 'deeper'), 'a file, where a directory should be');
    await expect(ChargeJournal.open(path)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/the file for the charges cannot be opened: .*(EEXIST|ENOTDIR).*deeper/),
    });
  });
});

describe('charge journal', () => {
  it('is empty at first and makes the directory it needs', async () => {
    expect(await read()).toEqual([]);
  });

  it('reads back what was added, in order, over several openings', async () => {
    await write(charge('ch_1'), charge('ch_2'));
    await write(charge('ch_3'));
    expect(await read()).toEqual(['ch_1', 'ch_2', 'ch_3']);
  });

  it('has a charge on the disk when append resolves', async () => {
    const { journal } = await ChargeJournal.open(path);
    await journal.append(charge('ch_1'));
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(charge('ch_1'))}\n`);
    await journal.close();
  });

  it('forgets a last line that a crash cut short and goes on after it', async () => {
    await write(charge('ch_1'));
    writeFileSync(path, '{"chargeId":"ch_2","ord', { flag: 'a' });
    expect(await read()).toEqual(['ch_1']);
    await write(charge('ch_3'));
    expect(await read()).toEqual(['ch_1', 'ch_3']);
  });

  it('forgets a last line of garbage that ends with a line break', async () => {
    await write(charge('ch_1'));
    writeFileSync(path, '\0\0\0\n', { flag: 'a' });
    await write(charge('ch_2'));
    expect(await read()).toEqual(['ch_1', 'ch_2']);
  });

  it('refuses to open a file with a line in the middle that is not a charge', async () => {
    await write(charge('ch_1'));
    writeFileSync(path, 'garbage\n', { flag: 'a' });
    writeFileSync(path, `${JSON.stringify(charge('ch_2'))}\n`, { flag: 'a' });
    await expect(read()).rejects.toMatchObject({ code: 'RECORD_CORRUPT', message: /line 2/ });
  });

  it('rejects what cannot be written, and says so to each caller', async () => {
    const { journal } = await ChargeJournal.open(path);
    await journal.close();
    await expect(journal.append(charge('ch_1'))).rejects.toThrow();
    expect(await read()).toEqual([]);
  });
});
