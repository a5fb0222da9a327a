/** Which literals of the task an argument may be: what the user said, what the control takes, and what has failed before. */
import type { ArgSpec } from '../functions/catalog.ts';
import type { PreviousAction } from '../types.ts';
import type { Reference } from './references.ts';

/** UI Automation's type of controls into which nothing but a number can be typed. */
export const SPINNER = 'Spinner';

/** An argument that is about to be chosen. */
export type ArgPlace = {
  readonly functionName: string;
  readonly spec: ArgSpec;
  /** The function is called on a control that takes numbers only. */
  readonly isSpinner: boolean;
};

/** A literal that a function is not to be called with again. */
export type SpentLiteral = { readonly functionName: string; readonly text: string };

const PATH = /[\\/]/;
const NUMBER = /^\d+(\.\d+)?$/;

/** True if `reference` may be the value, given all literals of the task and those that are spent. */
export function isCandidate(
  reference: Reference,
  { functionName, spec, isSpinner }: ArgPlace,
  { references, spent }: { readonly references: readonly Reference[]; readonly spent: readonly SpentLiteral[] },
): boolean {
  const { text } = reference;
  if (spent.some((literal) => literal.functionName === functionName && literal.text === text)) return false;
  switch (spec.type) {
    case 'string':
      if (isSpinner && !NUMBER.test(text)) return false;
      return fits(reference, spec.literal, references);
    case 'number': {
      const decimals = text.split('.')[1]?.length ?? 0;
      const value = Number(text);
      return NUMBER.test(text) && decimals <= spec.maxDecimals && value >= spec.min && value <= spec.max;
    }
    case 'boolean':
    case 'enum':
      return false;
  }
}

function fits(
  { text, isQuoted }: Reference,
  kind: 'quoted' | 'path' | 'name' | undefined,
  all: readonly Reference[],
): boolean {
  switch (kind) {
    case 'quoted':
      return isQuoted || !all.some((other) => other.isQuoted);
    case 'path':
      return PATH.test(text);
    case 'name':
      return !PATH.test(text);
    case undefined:
      return true;
  }
}

/**
 * What was selected is not typed as well, as long as the task says something that was neither selected nor typed: "comment
 * 'a' on 'b'" selects one and types the other.
 */
export function selectedLiterals(
  actions: readonly PreviousAction[],
  references: readonly Reference[],
): readonly SpentLiteral[] {
  const used = actions.filter(({ resultStatus }) => resultStatus !== 'failure');
  const textsOf = (action: PreviousAction) => Object.values(action.args).map(String);
  const isUsed = ({ text }: Reference) => used.some((action) => textsOf(action).includes(text));
  if (references.every(isUsed)) return [];
  const selections = used.filter((action) => action.function === 'select_text');
  return selections.flatMap(textsOf).map((text) => ({ functionName: 'set_edit_text', text }));
}

/**
 * Literals of calls whose error names them, such as "Text 'x' not found": trying them again cannot help. An error that says
 * something else, such as that a dialog was in the way, leaves the literal as good as it was.
 */
export function failedLiterals(actions: readonly PreviousAction[]): readonly SpentLiteral[] {
  return actions
    .filter(({ resultStatus }) => resultStatus === 'failure')
    .flatMap((action) =>
      Object.values(action.args)
        .map(String)
        .filter((text) => text !== '' && (action.error.includes(`'${text}'`) || action.error.includes(`"${text}"`)))
        .map((text) => ({ functionName: action.function, text })),
    );
}
