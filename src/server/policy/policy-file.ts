/** What a policy file holds: YAML, checked as a whole, every problem named with its place. */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { functionCatalog } from '../../runtime/index.ts';
import { parseChord, UNREADABLE } from './keys.ts';
import { beginsWithWildcard, MAX_LEADING_WILDCARDS, MAX_PATTERN_LENGTH, parsePattern } from './patterns.ts';

export const EFFECTS = ['allow', 'confirm', 'deny'] as const;

const MAX_FILE_BYTES = 1 << 20;
const MAX_RULES = 500;
const MAX_LIST = 500;
const MAX_REASON_LENGTH = 500;

const pattern = z
  .string()
  .max(MAX_PATTERN_LENGTH)
  .superRefine((source, context) => {
    try {
      parsePattern(source);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  });

function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).min(1).max(MAX_LIST);
}

const functionName = z.string().refine((name) => functionCatalog.has(name), {
  error: `expected one of ${[...functionCatalog.keys()].join(', ')}`,
});
const controlType = z.string().regex(/^[A-Za-z]{1,64}$/, { error: 'expected a control type, for example Button' });
const chord = z
  .string()
  .max(MAX_PATTERN_LENGTH)
  .refine((text) => text === UNREADABLE || parseChord(text) !== undefined, {
    error: 'expected a key, for example ctrl+w, delete, alt+f4, *+delete',
  });

/** All that is given must hold; of each list, one. */
const conditionSchema = z
  .strictObject({
    app: listOf(pattern).optional(),
    window: listOf(pattern).optional(),
    function: listOf(functionName).optional(),
    control: listOf(pattern).optional(),
    control_type: listOf(controlType).optional(),
    keys: listOf(chord).optional(),
    args: z.record(z.string().regex(/^\w{1,64}$/), listOf(pattern)).optional(),
  })
  .refine((condition) => Object.keys(condition).length > 0, { error: 'expected at least one condition' });

const ruleSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'expected a name such as send_message' }),
  effect: z.enum(EFFECTS),
  reason: z.string().min(1).max(MAX_REASON_LENGTH),
  when: conditionSchema,
  unless: listOf(conditionSchema).optional(),
});

const share = z.number().min(0).max(1);

const policyFileSchema = z
  .strictObject({
    version: z.literal(1),
    default: z.enum(EFFECTS),
    reward: z
      .strictObject({ confirm_below: share.optional(), fail_below: share.optional() })
      .refine(({ confirm_below: confirm = 1, fail_below: fail = 0 }) => fail <= confirm, {
        error: 'expected fail_below to be at most confirm_below',
      })
      .optional(),
    rules: z.array(ruleSchema).max(MAX_RULES),
  })
  .superRefine(({ rules }, context) => {
    const seen = new Set<string>();
    rules.forEach(({ name }, i) => {
      if (seen.has(name)) context.addIssue({ code: 'custom', path: ['rules', i, 'name'], message: 'used twice' });
      seen.add(name);
    });
    const count = rules.flatMap(patternsOf).filter(beginsWithWildcard).length;
    if (count > MAX_LEADING_WILDCARDS) {
      const message = `${count} patterns begin with a wildcard, at most ${MAX_LEADING_WILDCARDS} may`;
      context.addIssue({ code: 'custom', path: ['rules'], message });
    }
  });

export type Effect = (typeof EFFECTS)[number];
/** Absent fields are undefined only where a schema has made them so. */
export type Condition = z.infer<typeof conditionSchema>;
export type Rule = z.infer<typeof ruleSchema>;
export type PolicyFile = z.infer<typeof policyFileSchema>;

/** Everything that is wrong with a policy file, one line per problem. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Throws {@link PolicyError} with all problems at once. */
export function parsePolicyFile(text: string): PolicyFile {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) throw new PolicyError([`larger than ${MAX_FILE_BYTES} bytes`]);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new PolicyError(faults.map(({ pos, message }) => `line ${lineCounter.linePos(pos[0]).line}: ${message}`));
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (cause) {
    // Aliases that multiply.
    throw new PolicyError([cause instanceof Error ? cause.message : String(cause)]);
  }
  const result = policyFileSchema.safeParse(value);
  if (result.success) return result.data;
  throw new PolicyError(
    result.error.issues.map(({ path, message }) => {
      const line = lineOf(document, path, lineCounter);
      return `${pathText(path)} (line ${line}): ${message}`;
    }),
  );
}

/** Where a field begins; of one that is missing, what it is missing in. */
function lineOf(document: Document, path: readonly PropertyKey[], lineCounter: LineCounter): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return 1;
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function patternsOf({
  when,
  unless = [],
}: {
  readonly when: Condition;
  readonly unless?: readonly Condition[] | undefined;
}) {
  return [when, ...unless].flatMap(({ app = [], window = [], control = [], args = {} }) => [
    ...app,
    ...window,
    ...control,
    ...Object.values(args).flat(),
  ]);
}
