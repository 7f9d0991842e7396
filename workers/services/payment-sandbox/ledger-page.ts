import { html } from '../../html/html.ts';
import { page } from '../../html/page.ts';
import type { Charge } from './charge.ts';
import type { ChargeLedger } from './charge-ledger.ts';
import type { Fault } from './faults.ts';

const newestShown = 200;

/** The ledger as a page: sums, planned faults and the newest charges first. */
export function ledgerPage(ledger: ChargeLedger, faults: readonly Fault[]): string {
  const { succeeded, declined, replayed, doubleCharged } = ledger.totals();
  const newest = ledger.charges.slice(-newestShown).reverse();
  return page(
    'Payment sandbox',
    html`<p>Charged: ${succeeded}. Declined: ${declined}. Repeated requests answered from memory: ${replayed}.
${doubleCharged === 0 ? 'No order was charged twice.' : html`<strong class="bad">${doubleCharged} orders were charged more than once.</strong>`}</p>
<p>Planned faults: ${faults.length === 0 ? 'none' : html`<code>${JSON.stringify(faults)}</code>`}</p>
<table>
<tr><th>Time</th><th>Order</th><th>Amount</th><th>Status</th><th>Card</th><th>Charge</th></tr>
${newest.map(row)}
</table>`,
  );
}

function row({ at, orderId, amountMinor, currency, status, paymentMethod, chargeId }: Charge) {
  return html`<tr><td>${at}</td><td>${orderId ?? '(none)'}</td><td>${(amountMinor / 100).toFixed(2)} ${currency.toUpperCase()}</td>
<td>${status === 'declined' ? html`<span class="bad">declined</span>` : status}</td><td>${paymentMethod}</td><td><code>${chargeId}</code></td></tr>
`;
}
