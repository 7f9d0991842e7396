/**
 * What kube-linter and kube-score find in an object that is so on purpose, as the annotations that tell them.
 * A manifest that names its exceptions can be checked with either, as it is, and a new finding is seen.
 */

/** A Service whose pods no manifest holds. */
export const podsOfOperator = {
  'ignore-check.kube-linter.io/dangling-service': 'prometheus-operator makes the pods',
  'kube-score/ignore': 'service-targets-pod',
};

/** A network policy for such pods. */
export const policyForPodsOfOperator = {
  'ignore-check.kube-linter.io/dangling-networkpolicy': 'prometheus-operator makes the pods',
  'kube-score/ignore': 'networkpolicy-targets-pod',
};

/** The node exporter. */
export const readsTheNode = {
  'ignore-check.kube-linter.io/sensitive-host-mounts':
    'how full a file system is can only be asked where it is mounted; read-only, in a namespace of its own',
};
