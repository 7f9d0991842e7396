const instance = { 'app.kubernetes.io/instance': 'smarteats' };

/** Labels of every object. */
export const platformLabels = {
  ...instance,
  'app.kubernetes.io/part-of': 'smarteats',
  'app.kubernetes.io/managed-by': 'smarteats',
};

/** What a workload is for: our own services, stand-ins for the outside world, servers that keep state, or watching them, or publishing what is due. */
export type Component = 'service' | 'sandbox' | 'store' | 'broker' | 'monitoring' | 'schedule';

/** Labels of a workload's objects and pods. */
export function workloadLabels(name: string, component: Component): Record<string, string> {
  return { ...platformLabels, ...selectorLabels(name), 'app.kubernetes.io/component': component };
}

/** The labels that select a workload's pods; a workload's selector can never change, so they are few. */
export function selectorLabels(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name, ...instance };
}
