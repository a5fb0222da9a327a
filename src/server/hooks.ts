/** Where concerns that hold for every rpc plug in. Each list is run in its order; the composition root fills them. */
import type { Call } from './call.ts';
import type { Outcome } from './metrics.ts';

/** Before a permit is taken and the message is read: who is calling, and may they? Throws to refuse. */
export interface Gate {
  readonly name: string;
  check(call: Call): void | Promise<void>;
}

/** Around a use case; may answer in its place. The first in the list is the outermost. Streams in both directions have none. */
export interface Wrapper {
  readonly name: string;
  /** Of a unary rpc. */
  around(call: Call, message: object, next: () => Promise<object>): Promise<object>;
  /** Of one that answers one message by several. Absent: nothing to do with those. */
  aroundStream?(call: Call, message: object, next: () => AsyncIterable<object>): AsyncIterable<object>;
}

/** Told of every call and its one outcome. Must not throw. */
export interface Observer {
  readonly name: string;
  /** The call has arrived, on behalf of `parent` if there is one; it will end with `onFinish`. */
  onBegin?(call: Call, parent?: Call): void;
  onFinish(call: Call, outcome: Outcome, durationMs: number): void;
}

export type Hooks = {
  readonly gates: readonly Gate[];
  readonly wrappers: readonly Wrapper[];
  readonly observers: readonly Observer[];
};
