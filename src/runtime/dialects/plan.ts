/**
 * The compact dialect's form of plans: a task in, its steps in words out. Segments are those of compact.ts.
 *
 *     prompt = <|bos|> <|app|> =PROCESS <|task|> TASK <|act|>
 *     answer = LINE { LINE } <|end|>
 *     LINE   = <|plan|> =WORDS { <|nth|> =K [=WORDS] }      at most two references
 *
 * TASK has its literals numbered, as in every prompt, and K is such a number: a step says `Select '<|nth|> =1 =' ` where a
 * person would copy the text. So a small model has to choose a literal where it would have to spell one. K is always one
 * digit, which is what tells it from the words behind it. Words hold no line breaks, and their length is bounded
 * ({@link lineBounds}); an empty text is left out.
 */
import { GatewayError, invariant } from '../errors.ts';
import type { PlanTask } from '../runtime.ts';
import { taskSegments } from './compact.ts';
import * as t from './compact-tokens.ts';
import { findReferences, type Reference } from './references.ts';
import { type Segment, special, text } from './segment.ts';

/** Most steps of a plan. */
export const MAX_PLAN_LINES = 32;
/** Most bytes of words in a line, what its references stand for not counted. */
export const DEFAULT_LINE_BYTES = 96;
/** Most references in a line. */
export const MAX_LINE_REFERENCES = 2;
/** Of a line's bytes, what the words behind each reference may take; the rest is for those in front of the first. */
const TAIL_SHARE = 0.2;

/** Bytes of the words in front of the first reference (at least one), and behind each. */
export type LineBounds = { readonly head: number; readonly tail: number };

export function lineBounds(maxLineBytes = DEFAULT_LINE_BYTES): LineBounds {
  const tail = Math.floor(maxLineBytes * TAIL_SHARE);
  return { head: maxLineBytes - MAX_LINE_REFERENCES * tail, tail };
}

export function renderPlanPrompt(task: PlanTask, references = findReferences(task.userRequest)): readonly Segment[] {
  return [
    special(t.BOS),
    special(t.APP),
    text(task.app.processName),
    special(t.TASK),
    ...taskSegments(task.userRequest, references),
    special(t.ACT),
  ];
}

/** The answer that stands for `steps`. Throws `InvariantError` for a step that the form has no room for. */
export function renderPlan(task: PlanTask, steps: readonly string[]): readonly Segment[] {
  invariant(steps.length > 0 && steps.length <= MAX_PLAN_LINES, `a plan of ${steps.length} steps`);
  const references = findReferences(task.userRequest);
  return [...steps.flatMap((step) => lineSegments(step, references)), special(t.END)];
}

/** Whether the form has room for every step. */
export function fitsPlanForm(task: PlanTask, steps: readonly string[]): boolean {
  const references = findReferences(task.userRequest);
  return steps.every((step) => lineParts(step, references).every(({ bytes, limit }) => bytes <= limit));
}

function lineSegments(step: string, references: readonly Reference[]): Segment[] {
  const segments = lineParts(step, references).flatMap(({ ordinal, words, bytes, limit }) => {
    invariant(bytes <= limit, `a step has ${bytes} bytes in a row, the form has room for ${limit}: ${step}`);
    const reference = ordinal === undefined ? [] : [special(t.NTH), text(String(ordinal))];
    return words === '' ? reference : [...reference, text(words)];
  });
  invariant(segments[0] !== undefined && 'text' in segments[0], `a step begins with words: ${step}`);
  return [special(t.PLAN), ...segments];
}

/** A reference, but for the first part of a line, and the words behind it: how many bytes they have, and may have. */
type LinePart = {
  readonly ordinal?: number;
  readonly words: string;
  readonly bytes: number;
  readonly limit: number;
};

function lineParts(step: string, references: readonly Reference[]): LinePart[] {
  const { head, tail } = lineBounds();
  const literals = referredIn(step, references);
  const before = step.slice(0, literals[0]?.start);
  const behind = literals.map(({ ordinal, start, text }, index) => {
    const words = step.slice(start + text.length, literals[index + 1]?.start);
    return { ordinal, words, bytes: Buffer.byteLength(words), limit: tail };
  });
  return [{ words: before, bytes: Buffer.byteLength(before), limit: head }, ...behind];
}

/** The first literals of a step that are literals of the task. */
function referredIn(step: string, references: readonly Reference[]): (Reference & { readonly ordinal: number })[] {
  return findReferences(step)
    .map((literal) => ({ ...literal, ordinal: references.findIndex(({ text }) => text === literal.text) + 1 }))
    .filter(({ ordinal }) => ordinal > 0)
    .slice(0, MAX_LINE_REFERENCES);
}

/** Reads an answer back. Throws `GatewayError` (`internal`) for anything that is no plan for the task. */
export function parsePlan(references: readonly Reference[], segments: readonly Segment[]): readonly string[] {
  const steps: string[] = [];
  let isOrdinal = false;
  const append = (words: string) => {
    if (steps.length === 0) throw notOfTheGrammar(`${t.PLAN} expected`);
    steps.push(`${steps.pop()}${words}`);
  };
  for (const segment of segments) {
    if ('text' in segment) {
      append(isOrdinal ? `${referred(references, segment.text)}${segment.text.slice(1)}` : segment.text);
      isOrdinal = false;
      continue;
    }
    if (isOrdinal) throw notOfTheGrammar(`a number expected behind ${t.NTH}`);
    if (segment.special === t.PLAN) steps.push('');
    else if (segment.special === t.NTH) isOrdinal = true;
    else if (segment.special === t.END && segment === segments.at(-1)) return steps;
    else throw notOfTheGrammar(`${segment.special} is out of place`);
  }
  throw notOfTheGrammar(`${t.END} expected`);
}

/** What the number at the beginning of `words` stands for. */
function referred(references: readonly Reference[], words: string): string {
  const reference = references[Number(words[0]) - 1];
  if (reference === undefined) throw notOfTheGrammar(`the task has no literal ${words[0]}`);
  return reference.text;
}

function notOfTheGrammar(problem: string): GatewayError {
  return new GatewayError('internal', `the decoded plan is not of the grammar: ${problem}`);
}
