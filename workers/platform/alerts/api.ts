import { type AlertDeclarations, after } from './declaration.ts';
import { errorRatio, orderFailureRatio, paymentFailureRatio, responseSeconds } from './expressions.ts';
import { thresholds } from './thresholds.ts';

const { errorRatio: mostErrors, slowApiSeconds, paymentFailureRatio: mostFailures, orderSlo } = thresholds;

/**
 * An alert that orders fail so fast that the budget of 30 days would be used up early: in a long window, and still in
 * a short one, so that it ends soon after the failures do (Google, "Site Reliability Workbook", chapter 5).
 */
function burning(rate: number, long: string, short: string): string {
  const budget = Number((rate * (1 - orderSlo)).toPrecision(6));
  return `${orderFailureRatio(long)} > ${budget} and ${orderFailureRatio(short)} > ${budget}`;
}

/** What customers feel at once. */
export const apiAlerts = {
  HighErrorRate: {
    severity: 'critical',
    expression: `${errorRatio()} > ${mostErrors}`,
    forSeconds: after.fiveMinutes,
    summary: 'Many requests fail',
    description: `{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} fail with a 5xx, more than ${mostErrors * 100}%.`,
    receivers: ['email', 'slack'],
  },
  SlowApi: {
    severity: 'warning',
    expression: `${responseSeconds(0.95)} > ${slowApiSeconds}`,
    forSeconds: after.fiveMinutes,
    summary: 'Requests are answered slowly',
    description: `One request in twenty to {{ $labels.service }} takes {{ $value | humanizeDuration }} or longer, more than ${slowApiSeconds} s.`,
    receivers: ['slack'],
  },
  OrderSloBurnFast: {
    severity: 'critical',
    expression: burning(14.4, '1h', '5m'),
    forSeconds: after.twoMinutes,
    summary: 'Customers cannot place orders',
    description:
      '{{ $value | humanizePercentage }} of the orders fail to be placed: the error budget of a month would be gone within two days.',
    receivers: ['email', 'slack'],
  },
  OrderSloBurnSlow: {
    severity: 'warning',
    expression: burning(6, '6h', '30m'),
    forSeconds: after.tenMinutes,
    summary: 'Placing orders fails too often',
    description:
      '{{ $value | humanizePercentage }} of the orders fail to be placed: the error budget of a month would be gone within five days.',
    receivers: ['slack'],
    impliedBy: [{ alert: 'OrderSloBurnFast' }],
  },
  PaymentFailures: {
    severity: 'critical',
    expression: `${paymentFailureRatio} > ${mostFailures}`,
    forSeconds: after.fiveMinutes,
    summary: 'Charges fail at the payment provider',
    description: `{{ $value | humanizePercentage }} of the attempts at a charge fail, more than ${mostFailures * 100}%; cards that are declined do not count.`,
    receivers: ['email', 'slack'],
  },
} as const satisfies AlertDeclarations;
