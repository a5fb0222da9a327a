/** Random small worlds: a byte-level vocabulary with a grammar over it, as fast-check arbitraries. */
import fc from 'fast-check';
import { choiceNode, type Head } from '../../../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode, NodeIndex } from '../../../../src/runtime/grammar/grammar.ts';
import { computeMaxTokens } from '../../../../src/runtime/grammar/max-tokens.ts';
import { STATUSES } from '../../../../src/runtime/types.ts';
import { ByteVocabulary } from './byte-vocabulary.ts';

export type World = { readonly vocabulary: ByteVocabulary; readonly grammar: Grammar };

/** Quotes, backslashes, emoji, right-to-left, spaces, prefixes of each other; drawn often enough to repeat. */
const NAMES = [
  'Bold',
  'Bold Italic',
  'Bo',
  '"Bold"',
  'C:\\new\\',
  '😀',
  '😀👩‍💻',
  'שלום',
  'مرحبا',
  ' ',
  '',
  '7',
  '-1.5',
  ...STATUSES,
];

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);

/** Any stretch of a name's bytes, so that tokens also begin and end inside characters; digits for the numbers. */
const merge = fc.oneof(
  fc
    .record({ name, from: fc.nat(6), length: fc.integer({ min: 1, max: 6 }) })
    .map(({ name, from, length }) => new TextEncoder().encode(name).slice(from, from + length)),
  fc.constantFrom('10', '12', '.5', '-1', '00', '0.', 'a\n', '\u007f'),
);

/** `next` picks among the nodes made before, by remainder. */
const alternative = { name, terminator: fc.nat(5), next: fc.nat() };

const choice = fc.record({
  type: fc.constant('choice' as const),
  field: fc.constantFrom('control' as const, 'function' as const, 'status' as const),
  alternatives: fc.array(fc.record(alternative), { minLength: 1, maxLength: 6 }),
});
/** A choice that can follow a text: its alternatives begin with special tokens. */
const marker = fc.record({
  type: fc.constant('marker' as const),
  alternatives: fc.array(fc.record({ ...alternative, mark: fc.nat(5) }), { minLength: 1, maxLength: 4 }),
});
const text = fc.record({
  type: fc.constant('text' as const),
  minBytes: fc.nat(3),
  extraBytes: fc.nat(5),
  next: fc.nat(),
});
const number = fc.record({
  type: fc.constant('number' as const),
  maxDecimals: fc.nat(2),
  min: fc.integer({ min: -150, max: 150 }),
  width: fc.nat(130),
  next: fc.nat(),
});

const draft = fc.oneof(choice, marker, text, number);
type NodeDraft = typeof draft extends fc.Arbitrary<infer Draft> ? Draft : never;

export const world: fc.Arbitrary<World> = fc
  .record({
    merges: fc.array(merge, { maxLength: 24 }),
    drafts: fc.array(draft, { minLength: 1, maxLength: 6 }),
  })
  .map(({ merges, drafts }) => {
    const vocabulary = new ByteVocabulary(merges);
    return { vocabulary, grammar: buildGrammar(vocabulary, drafts) };
  });

/** Nodes in an order in which each leads to earlier ones only; the last is the start. */
function buildGrammar(vocabulary: ByteVocabulary, drafts: readonly NodeDraft[]): Grammar {
  const end: Head = { tokens: [vocabulary.special(0)], next: 0 };
  const nodes: GrammarNode[] = [{ type: 'end' }, choiceNode('status', [end])];
  const markers: NodeIndex[] = [1];
  const pick = (from: readonly NodeIndex[], n: number) => from[n % from.length] as NodeIndex;
  const pickNode = (n: number) => n % nodes.length;
  for (const draft of drafts) {
    switch (draft.type) {
      case 'choice': {
        const heads = draft.alternatives.map(({ name, terminator, next }) => ({
          tokens: [...vocabulary.encode(name), vocabulary.special(terminator)],
          next: pickNode(next),
        }));
        nodes.push(choiceNode(draft.field, unambiguous(heads)));
        break;
      }
      case 'marker': {
        const heads = draft.alternatives.map(({ mark, name, terminator, next }) => ({
          tokens: [vocabulary.special(mark), ...vocabulary.encode(name), vocabulary.special(terminator)],
          next: pickNode(next),
        }));
        markers.push(nodes.push(choiceNode('args', unambiguous(heads))) - 1);
        break;
      }
      case 'text': {
        const { minBytes, extraBytes } = draft;
        const next = pick(markers, draft.next);
        nodes.push({ type: 'text', field: 'args', minBytes, maxBytes: minBytes + extraBytes, next });
        break;
      }
      case 'number': {
        const scale = 10 ** draft.maxDecimals;
        const [min, max] = [draft.min / scale, (draft.min + draft.width) / scale];
        const next = pick(markers, draft.next);
        nodes.push({ type: 'number', field: 'args', min, max, maxDecimals: draft.maxDecimals, next });
        break;
      }
    }
  }
  const start = nodes.length - 1;
  return { nodes, start, maxTokens: computeMaxTokens(nodes, start) };
}

/** Repeated sequences stay in, but all lead where the first one leads. */
function unambiguous(heads: readonly Head[]): Head[] {
  const nexts = new Map<string, NodeIndex>();
  for (const { tokens, next } of heads) {
    const key = tokens.join(' ');
    if (!nexts.has(key)) nexts.set(key, next);
  }
  return heads.map(({ tokens }) => ({ tokens, next: nexts.get(tokens.join(' ')) as NodeIndex }));
}
