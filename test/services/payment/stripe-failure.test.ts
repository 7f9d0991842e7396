import { describe, expect, it } from '@jest/globals';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { stripeFailure } from '../../../workers/services/payment/stripe-failure.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';

const log = createLogger({ service: 'test', level: 'fatal' });

describe('a failed request to the provider', () => {
  it('keeps an error of ours as it is', () => {
    const error = new PlatformError('PAYMENT_PROVIDER_FAILED', 'still working');
    expect(() => stripeFailure(error, log)).toThrow(error);
  });

  it('does not take a fault of the program for an answer of the provider', () => {
    expect(() => stripeFailure(new TypeError('x is undefined'), log)).toThrow(TypeError);
  });
});
