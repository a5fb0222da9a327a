/** Remarks on an answer that say what a person or a log should know, whatever the policy. */
import type { Action } from '../../runtime/index.ts';
import type { PredictActionInput } from '../requests/predict-action.ts';

/** The longest UTF-8 sequence: a text this close to its limit may have wanted one more character. */
const LONGEST_CHARACTER_BYTES = 4;

type Context = Pick<PredictActionInput, 'controlsTruncated'> & {
  readonly options: Pick<PredictActionInput['options'], 'maxTextBytes'>;
};

export function remarksOn(action: Action, { controlsTruncated, options }: Context): readonly string[] {
  const remarks = cutTexts(action, options.maxTextBytes);
  if (action.status !== 'FAIL' || !controlsTruncated) return remarks;
  return [...remarks, 'the control list was cut; what the model missed may have been left out'];
}

function cutTexts({ args }: Action, maxTextBytes: number): readonly string[] {
  return Object.entries(args)
    .filter(
      ([, value]) => typeof value === 'string' && Buffer.byteLength(value) > maxTextBytes - LONGEST_CHARACTER_BYTES,
    )
    .map(([name]) => `action.args.${name} may be cut: it reached options.max_text_bytes, ${maxTextBytes}`);
}
