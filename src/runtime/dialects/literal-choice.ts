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

/** All that decides where a literal may stand: tasks whose literals are alike in it share a grammar, whatever the literals are. */
export type LiteralTraits = {
  readonly isQuoted: boolean;
  readonly isPath: boolean;
  /** The text of a number; empty for what is none. */
  readonly number: string;
  /** Names of functions that are not to be called with it again. */
  readonly spentFor: readonly string[];
};

const PATH = /[\\/]/;
const NUMBER = /^\d+(\.\d+)?$/;

/** One for each reference, in their order. */
export function traitsOf(references: readonly Reference[], spent: readonly SpentLiteral[]): readonly LiteralTraits[] {
  return references.map(({ text, isQuoted }) => ({
    isQuoted,
    isPath: PATH.test(text),
    number: NUMBER.test(text) ? text : '',
    spentFor: [...new Set(spent.filter((literal) => literal.text === text).map(({ functionName }) => functionName))],
  }));
}

/** True if `literal` may be the value, given all literals of the task. */
export function isCandidate(
  literal: LiteralTraits,
  { functionName, spec, isSpinner }: ArgPlace,
  all: readonly LiteralTraits[],
): boolean {
  const { number, spentFor } = literal;
  if (spentFor.includes(functionName)) return false;
  switch (spec.type) {
    case 'string':
      if (isSpinner && number === '') return false;
      return fits(literal, spec.literal, all);
    case 'number': {
      const decimals = number.split('.')[1]?.length ?? 0;
      const value = Number(number);
      return number !== '' && decimals <= spec.maxDecimals && value >= spec.min && value <= spec.max;
    }
    case 'boolean':
    case 'enum':
      return false;
  }
}

function fits(
  { isQuoted, isPath }: LiteralTraits,
  kind: 'quoted' | 'path' | 'name' | undefined,
  all: readonly LiteralTraits[],
): boolean {
  switch (kind) {
    case 'quoted':
      return isQuoted || !all.some((other) => other.isQuoted);
    case 'path':
      return isPath;
    case 'name':
      return !isPath;
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
