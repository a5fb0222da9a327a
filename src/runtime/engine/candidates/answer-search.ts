/** The port of a search for several answers: it says what it wants to know, in an order of its own, and is told. */
import type { AnswerNode } from './answer-node.ts';

/**
 * What it finds must not depend on how many of the wanted nodes are expanded at a time, nor on the order in which that
 * happens: so it does not depend on what else the engine has to do.
 */
export interface AnswerSearch {
  readonly isComplete: boolean;
  /** Nodes whose logits are needed, at most `max`, the most urgent first: at least one unless complete. */
  wanted(max: number): readonly AnswerNode[];
  /** `logits` [vocab] after `node`, which was wanted. Throws `GatewayError` (`backend_failed`) if they are no numbers. */
  expand(node: AnswerNode, logits: Float32Array): void;
  /** Where control and function were chosen for all that follows; absent from a search that does not choose them first. */
  readonly chosen?: AnswerNode | undefined;
  /** Of a complete search: the distinct answers, the most probable first; at least one. */
  readonly answers: readonly AnswerNode[];
}
