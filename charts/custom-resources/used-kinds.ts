/** The kinds of custom resources that the charts make, by API group; `npm run import` generates their types. */
export const usedKinds: Readonly<Record<string, readonly string[]>> = {
  'keda.sh': ['ScaledObject', 'TriggerAuthentication'],
  'monitoring.coreos.com': ['Alertmanager', 'Prometheus', 'PrometheusRule', 'ServiceMonitor'],
};
