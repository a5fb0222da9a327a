/** Which of a prediction's reviewed candidates is answered. */
import { invariant } from '../../runtime/index.ts';
import type { Review } from '../predict-hooks.ts';
import type { Reviewed } from '../responses/predict-action.ts';

/** The best candidate, or why there is none. */
export type Chosen = { readonly best: Reviewed; readonly denial?: never } | { readonly denial: Review };

/**
 * The first candidate that is permitted. Doing nothing never takes the place of an action that the model preferred and that is denied: an
 * agent would take "nothing to do" for "done".
 */
export function choose(reviewed: readonly Reviewed[]): Chosen {
  let denial: Review | undefined;
  for (const best of reviewed) {
    if (isDenied(best)) denial ??= best.review;
    else if (denial === undefined || best.candidate.action.function !== '') return { best };
    if (best.candidate.action.function === '') break;
  }
  invariant(denial, 'a prediction has candidates');
  return { denial };
}

/** True where an action is to be executed. */
export function isAction(chosen: Chosen): boolean {
  return chosen.denial === undefined && chosen.best.candidate.action.function !== '';
}

export function isDenied({ review }: Reviewed): boolean {
  return review.effect === 'deny';
}
