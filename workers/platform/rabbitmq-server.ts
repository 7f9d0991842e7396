/**
 * What every RabbitMQ of the platform has in its `advanced.config`, on a laptop and in the cluster: RabbitMQ 4.3 refuses
 * queues that are neither durable nor exclusive by default, as older releases of Celery, and so Flower, declare
 * them for `inspect` and for events. Unlike a key of `rabbitmq.conf`, a setting of this file does not keep older servers
 * from starting.
 */
export const rabbitmqAdvancedConfig =
  '[{rabbit, [{permit_deprecated_features, #{transient_nonexcl_queues => true}}]}].\n';
