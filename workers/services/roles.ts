import type { SmartEats } from '../platform/platform.ts';
import type { ServiceName } from '../platform/services.ts';
import type { ServiceModule } from './host/service-module.ts';

/**
 * The module of each declared service; a service without one does not compile.
 * A module is imported only by the process that plays its role.
 */
export const serviceModules: {
  readonly [Service in ServiceName]: () => Promise<ServiceModule<SmartEats, Service>>;
} = {
  'api-gateway': async () => (await import('./gateway/service.ts')).apiGateway,
  'auth-service': async () => (await import('./auth/service.ts')).authService,
  'payment-service': async () => (await import('./payment/service.ts')).paymentService,
  'order-service': async () => (await import('./order/service.ts')).orderService,
  'delivery-service': async () => (await import('./delivery/service.ts')).deliveryService,
  'notification-service': async () => (await import('./notification/service.ts')).notificationService,
  'celery-worker': async () => (await import('./task-workers/celery-worker.ts')).celeryWorker,
  'ai-worker': async () => (await import('./task-workers/ai-worker.ts')).aiWorker,
  'analytics-worker': async () => (await import('./task-workers/analytics-worker.ts')).analyticsWorker,
  'notifications-worker': async () =>
    (await import('./task-workers/notifications-worker.ts')).notificationsWorker,
  beat: async () => (await import('./beat/service.ts')).beat,
  'payment-sandbox': async () => (await import('./payment-sandbox/service.ts')).paymentSandbox,
  'message-catcher': async () => (await import('./message-catcher/service.ts')).messageCatcher,
};
