import { describe, expect, it } from '@jest/globals';
import { failures } from '../../../workers/services/gateway/api-errors.ts';

const body = (code: string) => ({ error: { code, message: 'm', details: {}, requestId: 'r' } });

describe('the documented failures of a route', () => {
  it('are grouped by status and allow only the codes of that route', () => {
    const documented = failures('ORDER_UNKNOWN', 'RESTAURANT_UNKNOWN');
    expect(documented[404]?.safeParse(body('ORDER_UNKNOWN')).success).toBe(true);
    expect(documented[404]?.safeParse(body('RESTAURANT_UNKNOWN')).success).toBe(true);
    expect(documented[404]?.safeParse(body('MENU_ITEM_UNKNOWN')).success).toBe(false);
  });

  it('explain each code', () => {
    expect(failures('ORDER_UNKNOWN')[404]?.description).toMatch(/^`ORDER_UNKNOWN`: There is no such order/);
  });

  it('always include what can happen anywhere', () => {
    expect(Object.keys(failures())).toEqual(['429', '500', '503']);
  });

  it('leave out what never reaches a caller', () => {
    expect(Object.keys(failures('MESSAGE_NOT_JSON'))).toEqual(['429', '500', '503']);
  });
});
