/** Random small worlds: a byte-level vocabulary with a grammar over it, as fast-check arbitraries. */
import fc from 'fast-check';
import { addList, choiceNode, type Head } from '../../../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode, NodeIndex, TextNotation } from '../../../../src/runtime/grammar/grammar.ts';
import { computeMaxTokens } from '../../../../src/runtime/grammar/max-tokens.ts';
import { STATUSES } from '../../../../src/runtime/types.ts';
import { ByteVocabulary } from './byte-vocabulary.ts';

export type World = { readonly vocabulary: ByteVocabulary; readonly grammar: Grammar };

/** Quotes, backslashes, emoji, right-to-left, combining marks, spaces, prefixes of each other; drawn often enough to repeat. */
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
  'שָׁלוֹם',
  '\u202eBold\u202c',
  'e\u0301',
  'é',
  'A\u030a\u0323',
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

/**
 * Any stretch of one or two names, so that tokens span characters, and begin and end inside them; bytes that are no text at all;
 * digits for the numbers, and what crosses the border of a text.
 */
const merge = fc.oneof(
  fc
    .record({ first: name, second: name, from: fc.nat(12), length: fc.integer({ min: 1, max: 9 }) })
    .map(({ first, second, from, length }) => new TextEncoder().encode(first + second).slice(from, from + length)),
  fc.uint8Array({ minLength: 1, maxLength: 4 }),
  fc.constantFrom('10', '12', '.5', '-1', '00', '0.', 'a\n', '\u007f', '",', 'a"', '\\"', '\\n', 'a\\', '","', '\n-'),
);

/** `next` picks among the nodes made before, by remainder. */
const alternative = { name, terminator: fc.nat(5), next: fc.nat() };

const choice = fc.record({
  type: fc.constant('choice' as const),
  field: fc.constantFrom('control' as const, 'function' as const, 'status' as const),
  alternatives: fc.array(fc.record(alternative), { minLength: 1, maxLength: 6 }),
});
/** A choice that can follow a text: its alternatives begin with special tokens, or with a text that ends it. */
const marker = fc.record({
  type: fc.constant('marker' as const),
  alternatives: fc.array(
    fc.record({ ...alternative, mark: fc.oneof(fc.nat(5), fc.constantFrom('\n', '"', '",', '} ')) }),
    { minLength: 1, maxLength: 4 },
  ),
});
const textBounds = {
  notation: fc.constantFrom('plain' as const, 'json' as const),
  minBytes: fc.nat(3),
  extraBytes: fc.nat(5),
};
const text = fc.record({ type: fc.constant('text' as const), ...textBounds, next: fc.nat() });
const list = fc.record({
  type: fc.constant('list' as const),
  ...textBounds,
  minItems: fc.integer({ min: 1, max: 2 }),
  extraItems: fc.nat(2),
  next: fc.nat(),
});
const number = fc.record({
  type: fc.constant('number' as const),
  maxDecimals: fc.nat(2),
  min: fc.integer({ min: -150, max: 150 }),
  width: fc.nat(130),
  next: fc.nat(),
});

const draft = fc.oneof(choice, marker, text, list, number);
type NodeDraft = typeof draft extends fc.Arbitrary<infer Draft> ? Draft : never;

export const world: fc.Arbitrary<World> = fc
  .record({
    merges: fc.array(merge, { maxLength: 24 }),
    order: fc.option(fc.nat(), { nil: undefined }),
    drafts: fc.array(draft, { minLength: 1, maxLength: 6 }),
  })
  .map(({ merges, order, drafts }) => {
    const vocabulary = new ByteVocabulary(merges, order);
    return { vocabulary, grammar: buildGrammar(vocabulary, drafts) };
  });

/** A choice node, and what its alternatives begin with where that is no special token. */
type Marker = { readonly node: NodeIndex; readonly marks: readonly string[] };
type Spanned = TextNotation | 'number';

/** What ends a text in its notation, or a number. */
const ENDS: Readonly<Record<Spanned, readonly string[]>> = {
  plain: ['\n'],
  json: ['\n', '"', '",'],
  number: ['\n', '"', '",', '} '],
};

function textOf({ notation, minBytes, extraBytes }: Pick<NodeDraft & { type: 'text' }, keyof typeof textBounds>) {
  return { field: 'args', notation, minBytes, maxBytes: minBytes + extraBytes } as const;
}

/** Nodes in an order in which each leads to earlier ones only; the last is the start. */
function buildGrammar(vocabulary: ByteVocabulary, drafts: readonly NodeDraft[]): Grammar {
  const end: Head = { tokens: [vocabulary.special(0)], next: 0 };
  const nodes: GrammarNode[] = [{ type: 'end' }, choiceNode('status', [end])];
  const markers: Marker[] = [{ node: 1, marks: [] }];
  const pick = (kind: Spanned, n: number) => {
    const suitable = markers.filter(({ marks }) => marks.every((mark) => ENDS[kind].includes(mark)));
    return (suitable[n % suitable.length] as Marker).node;
  };
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
          tokens: [
            ...(typeof mark === 'number'
              ? [vocabulary.special(mark), ...vocabulary.encode(name)]
              : vocabulary.encode(mark + name)),
            vocabulary.special(terminator),
          ],
          next: pickNode(next),
        }));
        const node = nodes.push(choiceNode('args', unambiguous(heads))) - 1;
        markers.push({
          node,
          marks: draft.alternatives.flatMap(({ mark }) => (typeof mark === 'string' ? [mark] : [])),
        });
        break;
      }
      case 'text': {
        const next = pick(draft.notation, draft.next);
        nodes.push({ type: 'text', ...textOf(draft), next });
        break;
      }
      case 'list': {
        const { minItems, extraItems } = draft;
        const isJson = draft.notation === 'json';
        const separator = isJson ? vocabulary.encode('","') : [vocabulary.special(1)];
        const end = isJson ? vocabulary.encode('"]') : [vocabulary.special(2)];
        addList(nodes, {
          text: textOf(draft),
          separator,
          ends: [{ tokens: end, next: pickNode(draft.next) }],
          minItems,
          maxItems: minItems + extraItems,
        });
        break;
      }
      case 'number': {
        const scale = 10 ** draft.maxDecimals;
        const [min, max] = [draft.min / scale, (draft.min + draft.width) / scale];
        const next = pick('number', draft.next);
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
