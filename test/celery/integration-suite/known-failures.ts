interface KnownFailures {
  readonly reason: string;
  readonly tests: readonly RegExp[];
}

/** Tests of Celery's suite that cannot pass with a worker outside of its own process, or are not to pass with ours. */
const known: readonly KnownFailures[] = [
  {
    reason:
      'they look for what happens in the memory of the worker, which the suite takes for its own process',
    tests: [
      /test_stamping_mechanism::test_(task_received_has_access_to_stamps|linking_stamped_sig|err_linking_stamped_sig)/,
      /test_tasks::test_revoked_by_headers_simple_canvas$/,
      /test_tasks::test_send_task_without_ignore_result/,
      /test_task_redis_result_backend::test_retry_preserves_ignore_result/,
      /test_task_replacement::test_replaced_task_nesting_(level_0|level_1|chain)/,
      /test_signal_bound_method_receivers/,
      /test_trace_log_arguments/,
      /test_Inspect::test_(stats|hello_stamps_received_revoked_ids_locally)/,
    ],
  },
  {
    reason:
      'they give the worker 20 seconds to become idle; here revoked calls give up their places at once, ' +
      'so that more of the sleeping tasks of the suite are under way by then',
    tests: [/test_tasks::test_revoked_by_headers_complex_canvas$/],
  },
  {
    reason: 'they need a library for a service of Azure, which is not installed',
    tests: [/test_backend\.py$/],
  },
  {
    reason:
      'the suite expects the failure of Celery, where an exception is lost (issue 6437); here it arrives',
    tests: [/test_chord::test_error_propagates_from_chord$/],
  },
];

/** Why a test is known to fail; undefined where it should pass. */
export function reasonFor(test: string): string | undefined {
  return known.find(({ tests }) => tests.some((each) => each.test(test)))?.reason;
}
