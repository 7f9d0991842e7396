/**
 * The catalogue of every error the product raises. A code is stable: clients and runbooks may rely on it.
 * `status` is the HTTP status a caller sees when the error crosses the API; an error without one never does.
 */
interface ErrorEntry {
  /** HTTP status, for errors that an API caller can see. */
  readonly status?: number;
  /** What happened, as one sentence. */
  readonly meaning: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  /** Part of everyday business rather than a fault: logs mention it without a warning. */
  readonly everyday?: boolean;
}

const entries = {
  REQUEST_INVALID: {
    status: 400,
    meaning: 'The request body, a parameter or a header does not have the documented shape.',
    remedy: 'Compare the request with /openapi.json; the response names the fields.',
  },
  REQUEST_BODY_TOO_LARGE: {
    status: 413,
    meaning: 'The request body is larger than the service accepts.',
    remedy: 'Send at most the number of bytes the response names.',
  },
  REQUEST_MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    meaning: 'The request body is not JSON.',
    remedy: 'Send content-type: application/json.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    meaning: 'No such path, or not with this method.',
    remedy: 'See /openapi.json for the paths that exist.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'Too many requests from this address or user.',
    remedy: 'Wait for the number of seconds in the Retry-After header.',
  },
  INTERNAL_ERROR: {
    status: 500,
    meaning: 'The service met a fault of its own.',
    remedy: 'Report the request id in the response; the log line with that id has the cause.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    meaning: 'Redis, RabbitMQ or another service that the request needs cannot be reached now.',
    remedy: 'Repeat the request, with the same Idempotency-Key, after the Retry-After seconds.',
  },
  AUTH_CREDENTIALS_WRONG: {
    status: 401,
    meaning: 'The e-mail address and password do not belong together.',
    remedy: 'Check both; the answer does not say which one is wrong.',
  },
  AUTH_SESSION_INVALID: {
    status: 401,
    meaning: 'The session token is missing, malformed, expired or logged out.',
    remedy: 'Log in again and send Authorization: Bearer <token>.',
  },
  AUTH_FORBIDDEN: {
    status: 403,
    meaning: 'This user may not do that.',
    remedy: 'Use an account with the right role that owns the resource.',
  },
  AUTH_EMAIL_TAKEN: {
    status: 409,
    meaning: 'An account with this e-mail address exists.',
    remedy: 'Log in, or register another address.',
  },
  USER_UNKNOWN: {
    meaning: 'There is no account with this id.',
    remedy: 'Check the user id that the task was called with.',
  },
  REPORT_UNKNOWN: {
    status: 404,
    meaning: 'The restaurant has no report with this id.',
    remedy: 'Have the report made again with the task tasks.generate_sales_report.',
  },
  REPORT_LINK_INVALID: {
    status: 403,
    meaning: 'The link to a report was altered, or was made for somebody else.',
    remedy: 'Use the link as it was given, or ask for a new one as the restaurant.',
  },
  REPORT_LINK_EXPIRED: {
    status: 403,
    meaning: 'The link to a report is no longer valid.',
    remedy: 'Ask for a new one with POST /restaurants/{restaurantId}/reports/{reportId}/link.',
  },
  REPORT_LINKS_UNAVAILABLE: {
    status: 503,
    meaning: 'No links to reports can be made or checked, since there is nothing to sign them with.',
    remedy:
      'Set REPORT_LINK_SECRET to the same value for the gateway and the workers of the analytics tasks.',
  },
  TASK_ARGUMENT_INVALID: {
    meaning: 'A task was called with an argument with which it can never succeed.',
    remedy: 'The message names the argument; correct the call.',
  },
  REPORT_STORAGE_FAILED: {
    status: 503,
    meaning: 'The storage of reports did not take or give a report.',
    remedy: 'Check the directory or the bucket, and who may write there; see the configuration table.',
  },
  RESTAURANT_UNKNOWN: {
    status: 404,
    meaning: 'There is no restaurant with this id.',
    remedy: 'List the restaurants with GET /restaurants.',
  },
  RESTAURANT_CLOSED: {
    status: 409,
    meaning: 'The restaurant does not take orders now.',
    remedy: 'Choose another restaurant or try later.',
  },
  MENU_ITEM_UNKNOWN: {
    status: 404,
    meaning: 'The restaurant has no menu item with this id.',
    remedy: 'Read the menu with GET /restaurants/{restaurantId}/menu.',
  },
  MENU_ITEM_UNAVAILABLE: {
    status: 409,
    meaning: 'A menu item of the order is not on offer now.',
    remedy: 'Remove the items the response names.',
  },
  ORDER_UNKNOWN: {
    status: 404,
    meaning: 'There is no such order, or it belongs to somebody else.',
    remedy: 'Check the order id; list your own orders with GET /orders.',
  },
  ORDER_STATUS_CONFLICT: {
    status: 409,
    meaning: 'The order is not in a status that allows this step.',
    remedy: 'Read the order; its status says which step comes next.',
  },
  ORDER_KEY_REUSED: {
    status: 409,
    meaning: 'This Idempotency-Key was used before with a different order.',
    remedy: 'Use a new key for a new order.',
  },
  CART_EMPTY: {
    status: 404,
    meaning: 'There is nothing in the cart, or it was left for so long that it is gone.',
    remedy: 'Fill it with PUT /cart.',
  },
  UNSUBSCRIBE_LINK_INVALID: {
    status: 403,
    meaning: 'A link that ends reminders was altered, or was signed with another secret.',
    remedy: 'Follow the link of a newer mail, and copy all of it.',
  },
  CONFIG_INVALID: {
    meaning: 'An environment variable is missing or has a value that cannot be used.',
    remedy: 'The message names each variable and what it must look like; see the configuration table.',
  },
  PLATFORM_DECLARATION_INVALID: {
    meaning: 'The declarations contradict each other, for instance a queue names an undeclared service.',
    remedy: 'Correct the declaration the message names.',
  },
  MESSAGE_NOT_JSON: {
    meaning: 'The body of a message is not JSON in UTF-8.',
    remedy: 'Publish JSON; the message rests in the dead-letter queue.',
  },
  MESSAGE_CONTENT_TYPE_UNSUPPORTED: {
    meaning: 'A message has a content type or encoding other than JSON in UTF-8.',
    remedy: 'Publish with content_type application/json; the message rests in the dead-letter queue.',
  },
  MESSAGE_TOO_LARGE: {
    meaning: 'A message is larger than its queue accepts.',
    remedy: 'Publish a reference rather than the data; the message rests in the dead-letter queue.',
  },
  MESSAGE_SCHEMA_INVALID: {
    meaning: "A payload does not have the shape its queue's schema declares.",
    remedy: 'Correct the publisher; a message received this way rests in the dead-letter queue.',
  },
  MESSAGE_ATTEMPTS_EXHAUSTED: {
    meaning: 'A message failed as often as its queue allows.',
    remedy: 'Find the cause in the dead letter, correct it, then replay the message.',
  },
  MESSAGE_REJECTED: {
    meaning: 'A handler found that a message can never succeed.',
    remedy: 'The reason is in the dead letter; correct the data or drop the message.',
  },
  MESSAGE_HANDLER_TIMEOUT: {
    meaning: "A handler ran longer than its queue's time limit; the message is tried again.",
    remedy: 'Look for a slow dependency, or raise the limit in the declaration.',
  },
  PUBLISH_UNROUTABLE: {
    meaning: 'The broker has no queue for a message that must reach one.',
    remedy: 'Compare the topology on the broker with the declarations.',
  },
  PUBLISH_REFUSED: {
    meaning: 'The broker refused a message (negative confirm), for instance because a queue is full.',
    remedy: 'Look at the queue length and the consumers of that queue.',
  },
  PUBLISH_BUFFER_FULL: {
    meaning: 'More messages wait for the broker than the publisher may hold.',
    remedy: 'The broker is down or slow; publish again later.',
  },
  PUBLISH_ABORTED: {
    meaning: 'The caller gave up before the broker confirmed the message; it may or may not have arrived.',
    remedy: 'Publish again with the same message id: consumers take each id once.',
  },
  PUBLISHER_CLOSED: {
    meaning: 'The publisher is shut down or never started.',
    remedy: 'Publish only between start and close.',
  },
  BROKER_UNAVAILABLE: {
    status: 503,
    meaning: 'RabbitMQ cannot be reached now.',
    remedy: 'The service reconnects by itself; see /readyz.',
  },
  STATE_UNAVAILABLE: {
    status: 503,
    meaning: 'Redis cannot be reached now.',
    remedy: 'The service reconnects by itself; see /readyz.',
  },
  RECORD_CORRUPT: {
    meaning: 'A stored record does not have the shape its schema declares.',
    remedy: 'The message names the key; restore or remove the record.',
  },
  PAYMENT_PROVIDER_FAILED: {
    meaning: 'The payment provider did not answer, or answered with a fault; the charge is tried again.',
    remedy: 'Nothing is charged twice: the same idempotency key is sent again.',
  },
  NOTIFICATION_PROVIDER_FAILED: {
    meaning: 'The mail server or the SMS provider did not take a notification; it is tried again.',
    remedy: 'Check the provider address and its credentials.',
  },
  NOTIFICATION_UNDER_WAY: {
    meaning:
      'Another process is sending the same notification just now; whether it was sent is looked up later.',
    remedy: 'None is needed: the claim of a process that died ends by itself.',
    everyday: true,
  },
  NO_DRIVER_FREE: {
    meaning: 'No free driver is near the restaurant; the assignment is tried again.',
    remedy: 'Wait for a driver; many of these mean too few drivers.',
    everyday: true,
  },
  IMAGE_URL_REFUSED: {
    meaning:
      'The address of a picture is none that may be fetched: not HTTP, not on the public internet, or not allowed.',
    remedy:
      'Use an http or https address of a public server, one of FOOD_IMAGE_ALLOWED_HOSTS if that is set; FOOD_IMAGE_PRIVATE_HOSTS names exceptions.',
  },
  IMAGE_UNAVAILABLE: {
    meaning: 'The server has no picture at the address, or will not give it.',
    remedy: 'Open the address in a browser without logging in; the message has the reason.',
  },
  IMAGE_TOO_LARGE: {
    meaning: 'A picture has more bytes or pixels than are taken.',
    remedy: 'Scale the picture down; the message names the limit.',
  },
  IMAGE_UNREADABLE: {
    meaning: 'What was fetched is no JPEG, PNG, WebP, AVIF or GIF, or is damaged.',
    remedy: 'Save the picture again in one of these formats.',
  },
  IMAGE_DOWNLOAD_FAILED: {
    meaning: 'A picture could not be fetched this time; it is tried again.',
    remedy: 'Check that its server answers, and within the time limit.',
  },
  IMAGE_MODEL_FAILED: {
    meaning: 'The service that recognises dishes did not answer, or not as it should; it is tried again.',
    remedy: 'Check FOOD_VISION_URL, the key and the model; the message has the reason.',
  },
  IMAGE_MODEL_INVALID: {
    meaning: 'The file of the image classifier or its labels cannot be used.',
    remedy: 'Check FOOD_MODEL_PATH: an ONNX classifier with one picture as input, and its labels beside it.',
  },
  ROLE_UNKNOWN: {
    meaning: 'A process was started with a role that is not declared.',
    remedy: 'Use one of the roles the message lists.',
  },
  TASK_RESULT_TIMEOUT: {
    meaning: 'A task had no result within the time its caller waits.',
    remedy: 'See whether a worker consumes its queue, or wait longer.',
  },
  TASK_UNKNOWN: {
    meaning: 'A task was to be called by a name that is not declared.',
    remedy: 'Use one of the declared tasks, or send a signature, which can name any task.',
  },
  TASK_SERVERS_UNKNOWN: {
    meaning: 'It is not known to which servers a task is to be sent.',
    remedy: 'Start the platform with npm start, or give --broker and --redis.',
  },
  TASK_FAILED: {
    meaning: 'A task that was called has failed.',
    remedy: 'The message has what it raised; the log of its worker says where.',
  },
  OUTPUT_UNWRITABLE: {
    meaning: 'A file cannot be written.',
    remedy: 'Give the path of a file in a directory that exists and may be written.',
  },
  TASK_UNSENDABLE: {
    meaning: 'A task can never be sent: a name or a header is too long, or the broker does not allow it.',
    remedy: 'The message says what is wrong; correct the call, or the options of its signature.',
  },
  SCHEDULE_ENTRY_UNKNOWN: {
    meaning: 'A task was to be published for a schedule entry that is not declared.',
    remedy: 'Use one of the entries the message lists.',
  },
  REQUEST_REFUSED: {
    meaning: 'The API refused a request of a command for good.',
    remedy: "The message holds the API's own code; look it up in this list.",
  },
  KIND_COMMAND_FAILED: {
    meaning: 'A command that makes the kind cluster failed.',
    remedy: 'The message shows the command and what it wrote; the next run goes on from there.',
  },
  TOOL_MISSING: {
    meaning: 'A program that a command needs is not installed, or not running.',
    remedy: 'Do what the message says, then run the command again.',
  },
  LOCAL_STACK_FAILED: {
    meaning: 'A process of the local stack did not start or kept ending.',
    remedy: 'The message shows the last lines the process wrote.',
  },
  LOCAL_STACK_NOT_RUNNING: {
    meaning: 'No platform runs in this checkout.',
    remedy: 'Start it with npm start, or choose a cluster with --context.',
  },
  MONITORING_UNAVAILABLE: {
    meaning: 'Prometheus or Grafana does not answer.',
    remedy: 'See whether it runs; its log is with the others of the run, or of its pod.',
  },
  CLUSTER_NOT_CONFIGURED: {
    meaning: 'There is no kubeconfig, or it has no context of that name.',
    remedy:
      'Choose one of the contexts that the message lists with --context, or another file with --kubeconfig.',
  },
  CLUSTER_UNREACHABLE: {
    meaning: 'The Kubernetes API of the chosen context does not answer.',
    remedy: 'Check that the cluster runs and that its address in the kubeconfig is right.',
  },
  CLUSTER_ACCESS_DENIED: {
    meaning: 'The user of the chosen context may not do that on the cluster.',
    remedy: 'Ask for the permission that the message names, or use another context.',
  },
  CLUSTER_REQUEST_REFUSED: {
    meaning: 'The Kubernetes API refused a request.',
    remedy: 'The message has the reason in the words of the API.',
  },
  CLUSTER_SERVICE_UNAVAILABLE: {
    meaning: 'A system of the platform is not in the cluster, or none of its pods is ready.',
    remedy: 'See with smarteats status which pods are not ready, and why.',
  },
  CLUSTER_JOB_FAILED: {
    meaning: 'A Job that was started on the cluster did not succeed.',
    remedy: 'The message shows the last lines that its pod wrote, or why it has none.',
  },
  MANIFESTS_INVALID: {
    meaning: 'The synthesized manifests break a rule of Kubernetes or of the platform; nothing was applied.',
    remedy: 'The message names each object and rule; docs/kubernetes.md lists the rules.',
  },
} as const satisfies Record<string, ErrorEntry>;

/** A stable error code of the catalogue. */
export type ErrorCode = keyof typeof entries;

/** The whole catalogue, by code. */
export const errorCatalogue: Readonly<Record<ErrorCode, ErrorEntry>> = entries;

/** An error of the product: a stable `code`, a message for people, and details that are safe to show to a caller. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: ErrorCode;
  /** Facts about this occurrence (field names, limits); never secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string = entries[code].meaning,
    options: { readonly details?: Readonly<Record<string, unknown>>; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Whether an error is part of everyday business rather than a fault. */
export function isEveryday(error: unknown): boolean {
  return error instanceof PlatformError && errorCatalogue[error.code].everyday === true;
}
