/** A reason why setting up cannot go on; its message is all that the user needs to see. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}
