import { randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { App } from '../host/service-module.ts';
import type { ChargeLedger } from './charge-ledger.ts';
import type { FaultPlan } from './faults.ts';
import {
  chargeAnswer,
  paymentIntent,
  RequestRefused,
  readChargeRequest,
  requireTestKey,
  type StripeAnswer,
  searchedOrderId,
} from './stripe-wire.ts';

/** Adds the part of Stripe's API that the payment service uses, in Stripe's format, faults included. */
export async function stripeRoutes(app: App, ledger: ChargeLedger, faults: FaultPlan): Promise<void> {
  await app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, body),
    );
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof RequestRefused) send(reply, error.answer);
      else throw error;
    });
    scope.addHook('onRequest', async (request) => requireTestKey(request.headers.authorization));

    scope.post('/v1/payment_intents', async (request, reply) => {
      const hit = faults.next();
      if (hit.error) return send(reply, outage);
      const key = request.headers['idempotency-key'];
      const form = typeof request.body === 'string' ? request.body : '';
      const charging = readChargeRequest(form, typeof key === 'string' ? key : undefined);
      const result = await ledger.charge(charging, { delayMs: hit.latencyMs });
      if (hit.dropResponse) {
        reply.hijack();
        request.raw.socket.destroy();
        return reply;
      }
      if (result.kind === 'key-in-use') return send(reply, keyInUse);
      if (result.kind === 'key-reused') return send(reply, keyReused);
      if (result.kind === 'replayed') reply.header('idempotent-replayed', 'true');
      return send(reply, chargeAnswer(result.charge));
    });

    scope.get<{ Querystring: { query?: string } }>('/v1/payment_intents/search', async (request, reply) => {
      const charges = ledger.ofOrder(searchedOrderId(request.query.query));
      const body = {
        object: 'search_result',
        url: '/v1/payment_intents/search',
        has_more: false,
        data: charges.map(paymentIntent),
      };
      return send(reply, { status: 200, body });
    });

    scope.get<{ Params: { id: string } }>('/v1/payment_intents/:id', async (request, reply) => {
      const charge = ledger.findByPaymentIntent(request.params.id);
      if (charge === undefined) {
        throw new RequestRefused(404, {
          type: 'invalid_request_error',
          code: 'resource_missing',
          param: 'intent',
          message: `No such payment_intent: '${request.params.id}'`,
        });
      }
      return send(reply, { status: 200, body: paymentIntent(charge) });
    });
  });
}

const outage: StripeAnswer = {
  status: 500,
  body: { error: { type: 'api_error', message: 'An injected fault: nothing was charged.' } },
};

const keyInUse: StripeAnswer = {
  status: 409,
  body: {
    error: {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: 'There is currently another in-progress request using this Idempotent Key.',
    },
  },
};

const keyReused: StripeAnswer = {
  status: 400,
  body: {
    error: {
      type: 'idempotency_error',
      message:
        'Keys for idempotent requests can only be used with the same parameters they were first used with.',
    },
  },
};

function send(reply: FastifyReply, { status, body }: StripeAnswer): FastifyReply {
  return reply.code(status).header('request-id', `req_${randomUUID()}`).send(body);
}
