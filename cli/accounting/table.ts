import Table from 'cli-table3';
import { type Accounts, ordersByStatus, percentile } from './accounts.ts';

/** The accounts as a table for people. */
export function renderAccounts(accounts: Accounts): string {
  const { orders, messages, charges, tasks } = accounts;
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] });
  const section = (title: string) => table.push([{ colSpan: 2, content: title }]);
  const row = (label: string, value: number | string) => table.push([`  ${label}`, String(value)]);

  section('orders');
  row('placed', orders.length);
  for (const [status, number] of ordersByStatus(orders)) row(status.replaceAll('_', ' '), number);
  section('messages');
  row('published', messages.published);
  row('done (effect durable, acknowledged)', messages.done);
  row('dead', messages.dead);
  if (messages.dropped > 0) row('dropped by an operator', messages.dropped);
  row('in flight', messages.inFlight);
  row('attempts repeated', messages.retried);
  row('duplicates recognised', messages.duplicates);
  row('tasks that failed for good', messages.tasksDead);
  if (tasks.length > 0) {
    section('tasks, each called once');
    for (const { task, tookMs } of tasks) row(task, tookMs === undefined ? 'failed' : seconds(tookMs));
    row('failed', tasks.filter(({ failure }) => failure !== undefined).length);
  }
  section('payments');
  row("charges in the provider's ledger", charges.orderIds.length);
  section('time to delivered');
  const times = orders.filter(({ status }) => status === 'delivered').flatMap(({ tookMs }) => tookMs ?? []);
  for (const rank of [50, 95, 99]) row(`p${rank}`, seconds(percentile(times, rank)));
  section('players');
  row('requests sent again', accounts.requestsRepeated);
  return table.toString();
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? 'n/a' : `${(ms / 1_000).toFixed(2)} s`;
}
