import { z } from 'zod';
import { Identifier, OrderStatus } from '../../platform/order.ts';

/** The answer to somebody who moves an order on: the order's status when the request came. */
export const StepTaken = z.object({
  orderId: Identifier,
  status: OrderStatus.describe('Follow the order to see when it changes'),
});
