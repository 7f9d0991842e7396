/** Exchanges of remote control (kombu/pidbox.py, `Mailbox`; Celery's `control_exchange` is `celery`). */
export const requestExchange = { name: 'celery.pidbox', type: 'fanout', durable: false } as const;
export const replyExchange = { name: 'reply.celery.pidbox', type: 'direct', durable: false } as const;
