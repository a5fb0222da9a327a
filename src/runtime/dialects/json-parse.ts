/** Reads a JSON answer back into an action, and grounds it in the state's controls. */
import { z } from 'zod';
import type { FunctionSpec } from '../functions/catalog.ts';
import type { Choice } from '../runtime.ts';
import type { Action, Args, State } from '../types.ts';
import { choiceOf, groundControl, groundFunction, groundStatus, NO_FUNCTION, notOfTheGrammar } from './ground.ts';
import { factsOf, type StateFacts } from './state-facts.ts';

const answerSchema = z.strictObject({
  thought: z.string().optional(),
  control: z.string().nullable(),
  nth: z.int().optional(),
  function: z.string(),
  args: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  status: z.string(),
  plan: z.array(z.string()).optional(),
});

/** What an answer says of control and function. */
type Named = Pick<z.infer<typeof answerSchema>, 'control' | 'nth' | 'function'>;

/** An answer up to the function's name and the quotation mark behind it. A thought holds no quotation mark that is not escaped. */
const BEGINNING =
  /^\{(?:"thought":"(?:[^"\\]|\\.)*",)?("control":(?:null|"(?:[^"\\]|\\.)*")(?:,"nth":\d+)?,"function":"\w+")/;

/** Throws `GatewayError` (`internal`) for anything that is not one grounded action: such an answer is never guessed at. */
export function parseJsonAnswer(state: State, text: string, facts = factsOf(state)): Action {
  const answer = readAnswer(text);
  const { control, spec } = groundTarget(state, answer, facts);
  return {
    thought: answer.thought ?? '',
    ...choiceOf(control, spec),
    args: checkedArgs(spec, answer.args),
    status: groundStatus(answer.status),
    plan: answer.plan ?? [],
  };
}

/** Of the beginning of an answer; undefined if it does not reach beyond the function's name. Throws as {@link parseJsonAnswer} does. */
export function parseJsonChoice(state: State, text: string, facts = factsOf(state)): Choice | undefined {
  const named = BEGINNING.exec(text)?.[1];
  if (named === undefined) return undefined;
  const { control, spec } = groundTarget(state, JSON.parse(`{${named}}`), facts);
  return choiceOf(control, spec);
}

/** Control and function; each undefined where there is none. */
function groundTarget(state: State, { control: name, nth = 1, function: fn }: Named, { labels }: StateFacts) {
  const control = name === null ? undefined : groundControl(state, labels, { name, ordinal: nth });
  return { control, spec: groundFunction(state, control, fn) };
}

function readAnswer(text: string): z.infer<typeof answerSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notOfTheGrammar('it is not JSON');
  }
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) throw notOfTheGrammar(z.prettifyError(parsed.error));
  return parsed.data;
}

/** Names and types are those of the catalog; values are in its ranges by the grammar. */
function checkedArgs(spec: FunctionSpec | undefined, args: Args): Args {
  for (const [name, value] of Object.entries(args)) {
    const arg = spec?.args.find((candidate) => candidate.name === name);
    if (arg === undefined) throw notOfTheGrammar(`${spec?.name ?? NO_FUNCTION} has no argument ${name}`);
    const type = arg.type === 'enum' ? 'string' : arg.type;
    if (typeof value !== type) throw notOfTheGrammar(`${name} is no ${type}`);
  }
  return args;
}
