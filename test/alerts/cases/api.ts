import type { AlertCases, Series } from '../alert-case.ts';

/** Requests to a route, those that succeed and those that fail, each 15 seconds. */
function requests(ok: string, failed: string, route = '/orders'): Series {
  const labels = `service="api-gateway",method="POST",route="${route}"`;
  return {
    [`http_requests_total{${labels},status="202"}`]: ok,
    [`http_requests_total{${labels},status="503"}`]: failed,
  };
}

/** How many requests were answered within 2 and within 5 seconds, each 15 seconds. */
function answered(within2: string, within5: string): Series {
  const labels = 'service="api-gateway",method="GET",route="/restaurants",status="200"';
  const bucket = (le: string) => `http_request_duration_seconds_bucket{${labels},le="${le}"}`;
  return {
    [bucket('0.5')]: '0x60',
    [bucket('2')]: within2,
    [bucket('5')]: within5,
    [bucket('+Inf')]: within5,
  };
}

const charges = (paid: string, declined: string, failed: string): Series => ({
  'payments_total{service="payment-service",outcome="paid"}': paid,
  'payments_total{service="payment-service",outcome="declined"}': declined,
  'payments_total{service="payment-service",outcome="failed"}': failed,
});

export const apiCases = {
  HighErrorRate: {
    fires: {
      series: requests('0+90x60', '0+10x60'),
      at: '11m',
      labels: { service: 'api-gateway' },
      says: '10% of the requests to api-gateway fail with a 5xx, more than 5%.',
    },
    boundary: { series: requests('0+96x60', '0+5x60'), at: '14m' },
    quiet: [
      { why: 'nobody asks anything', series: requests('0x60', '0x60'), at: '14m' },
      {
        why: 'only probes fail, because the service waits for something',
        series: { ...requests('0+90x60', '0x60'), ...requests('0x60', '0+50x60', '/readyz') },
        at: '14m',
      },
      { why: 'the errors ended before it was told', series: requests('0+90x60', '0+10x4 40x56'), at: '14m' },
    ],
  },
  SlowApi: {
    fires: {
      series: answered('0+50x60', '0+100x60'),
      at: '11m',
      labels: { service: 'api-gateway' },
      says: 'One request in twenty to api-gateway takes 4.7s or longer, more than 2 s.',
    },
    boundary: { series: answered('0+95x60', '0+100x60'), at: '14m' },
    quiet: [{ why: 'all are quick', series: answered('0+100x60', '0+100x60'), at: '14m' }],
  },
  OrderSloBurnFast: {
    fires: {
      series: requests('0+98x300', '0+2x300'),
      at: '64m',
      labels: {},
      says: '2% of the orders fail to be placed: the error budget of a month would be gone within two days.',
    },
    boundary: { series: requests('0+986x300', '0+14x300'), at: '70m' },
    quiet: [
      {
        why: 'the failures are over, although they still show in the long window',
        series: requests('0+50x300', '0+5x200 1000x100'),
        at: '70m',
      },
    ],
  },
  OrderSloBurnSlow: {
    fires: {
      series: requests('0+99x1600', '0+1x1600'),
      at: '371m',
      labels: {},
      says: '1% of the orders fail to be placed: the error budget of a month would be gone within five days.',
    },
    boundary: { series: requests('0+995x1600', '0+5x1600'), at: '380m' },
    quiet: [{ why: 'no order fails', series: requests('0+100x1600', '0x1600'), at: '380m' }],
  },
  PaymentFailures: {
    fires: {
      series: charges('0+8x80', '0+1x80', '0+1x80'),
      at: '16m',
      labels: {},
      says: '10% of the attempts at a charge fail, more than 5%; cards that are declined do not count.',
    },
    boundary: { series: charges('0+96x80', '0x80', '0+5x80'), at: '19m' },
    quiet: [
      { why: 'half of the cards are declined', series: charges('0+5x80', '0+5x80', '0x80'), at: '19m' },
      { why: 'nobody pays', series: charges('0x80', '0x80', '0x80'), at: '19m' },
    ],
  },
} satisfies AlertCases;
