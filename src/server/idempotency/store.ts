/** Where answers are kept for repeats: the port. Two stores implement it, in this process and in Redis. */

/**
 * - claimed: the request is ours to answer; `settle` must follow
 * - pending: another process is answering it at the moment
 * - answered: as text
 * - conflict: the id is another request's
 */
export type Claim =
  | { readonly type: 'claimed'; readonly token: string }
  | { readonly type: 'pending' | 'conflict' }
  | { readonly type: 'answered'; readonly answer: string };

export interface IdempotencyStore extends AsyncDisposable {
  /** `fingerprint` is of the request's content. A claim lapses by itself if its owner dies. */
  claim(key: string, fingerprint: string): Promise<Claim>;
  /** Keeps the answer for the window, or gives the claim up. Changes nothing if the claim has lapsed. */
  settle(key: string, token: string, answer: string | undefined): Promise<void>;
}

/** In UTF-16 units. An answer that is larger is not kept: its repeat is answered anew. */
export const MAX_ANSWER = 1 << 20;
