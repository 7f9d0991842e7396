/** What happens to a process of the stack, in the order a reader would want to be told. */
export type StackEvent =
  | { readonly kind: 'starting'; readonly name: string }
  | { readonly kind: 'ready'; readonly name: string; readonly tookMs: number }
  | { readonly kind: 'crashed'; readonly name: string; readonly ended: string; readonly restartInMs: number }
  | { readonly kind: 'restarted'; readonly name: string; readonly tookMs: number }
  | { readonly kind: 'stopping'; readonly name: string }
  | { readonly kind: 'stopped'; readonly name: string };

export type StackListener = (event: StackEvent) => void;
