/** Turns a task template and its parameters into what a user might type. */
import { findReferences } from '../../src/runtime/dialects/references.ts';
import { garble } from './garble.ts';
import type { Random } from './random.ts';
import type { Draw, ValueSplit } from './tasks/draw.ts';
import type { Slots, TaskInstance, Template } from './tasks/task.ts';
import { expandPattern, pickWording } from './tasks/wording.ts';

const OPENINGS = {
  train: [
    '',
    '',
    '',
    '',
    '',
    'please ',
    'could you ',
    'can you ',
    'I want you to ',
    'I need you to ',
    'help me ',
    'now ',
    'hey, ',
    'ok, ',
    'next, ',
    "let's ",
    'we need to ',
    'I have to ',
    'time to ',
    'quickly ',
    'you should ',
    'your job: ',
    'it is time to ',
    'just ',
    'I was asked to ',
  ],
  test: ['', '', '', 'kindly ', 'would you please ', 'go ahead and ', "I'd like you to "],
} as const;
const ENDINGS = {
  train: [
    ...['', '', '', '', '.', '.', ' please', ' for me', ' in this document', ' in my document', ' now'],
    ...[
      '!',
      ' right away',
      ' when you can',
      ' for the meeting',
      ' in Word',
      ' here',
      ', ok?',
      ', will you',
      ' - cheers',
      '?',
    ],
  ],
  test: ['', '', '.', ', thanks', ' in the open document', ' for my report'],
} as const;
/** What a quoted text is called. */
const NOUNS = {
  train: ['', '', '', '', '', 'the text ', 'the phrase ', 'the words ', 'the bit ', 'the line ', 'the part that says '],
  test: ['', '', '', 'the passage ', 'the string ', 'the text '],
} as const;
/** Between the parts of a request; the second of a pair stands in front of the first part. */
const JOINTS = {
  train: [
    [', then ', ''],
    [' and then ', ''],
    [' and ', ''],
    [', and ', ''],
    ['. Then ', ''],
    ['. After that, ', ''],
    ['; then ', 'first '],
    [', and after that ', ''],
    ['; ', ''],
    [', ', ''],
    ['. Also ', ''],
    [' plus ', ''],
    [', next ', 'first of all '],
    [', and when that is done ', ''],
    ['. Finally, ', ''],
  ],
  test: [
    [' and after that ', ''],
    [', then ', 'first '],
    ['; after that, ', ''],
    ['. And then ', ''],
  ],
} as const satisfies Record<ValueSplit, readonly (readonly [string, string])[]>;
const QUOTES = [`'`, `"`] as const;
/** Share of requests that quote nothing; their texts have to be spelled. */
const UNQUOTED_SHARE = 0.04;
/** Share of names that go without quotes although nothing else marks them, and of those that digits or slashes mark. */
const BARE_NAME_SHARE = 0.06;
const BARE_LITERAL_SHARE = 0.5;

/** Of the requests for training. */
const GARBLED_SHARE = 0.35;

/** A wording of the split with all slots filled; everything in a request is quoted in the same style. */
export function phraseTask(template: Template, instance: TaskInstance, { split, random }: Draw): string {
  const quote = random.chance(UNQUOTED_SHARE) ? '' : random.pick(QUOTES);
  const phrase = (part: Template, { slots }: TaskInstance, isAlone: boolean): Sentence =>
    fillWording(part, slots, { split, random, quote, isAlone });
  const { parts } = instance;
  const { body, isSentence } = parts
    ? joinParts(
        parts.map((part) => phrase(part.template, part.instance, false).body),
        split,
        random,
      )
    : phrase(template, instance, true);
  const opening = isSentence ? '' : random.pick(OPENINGS[split]);
  const request = `${opening}${body}${random.pick(ENDINGS[split])}`;
  // An unquoted value in front keeps its case: nothing else would tell it.
  const beginsWithValue = Object.values(instance.slots).some((value) => body.startsWith(String(value)));
  const mayCapitalize = opening !== '' || !beginsWithValue;
  return mayCapitalize && random.chance(0.7) ? request.charAt(0).toUpperCase() + request.slice(1) : request;
}

type Sentence = { readonly body: string; readonly isSentence: boolean };

type Style = {
  readonly split: ValueSplit;
  readonly random: Random;
  readonly quote: string;
  /** The wording is the whole request, so that it may be a sentence of its own. */
  readonly isAlone: boolean;
};

function fillWording(template: Template, slots: Slots, { split, random, quote, isAlone }: Style): Sentence {
  const patterns = template[split].filter((pattern) => isAlone || !pattern.startsWith('!'));
  const picked = pickWording(random.pick(patterns), { templateName: template.name, split }, random);
  const isSentence = picked.startsWith('!');
  const wording = isSentence ? picked.slice(1) : picked;
  const body = (split === 'train' && random.chance(GARBLED_SHARE) ? garbleApart(template, wording, random) : wording)
    .replace(/\{(=?)(\w+)\}/g, (_, isName: string, name: string) => {
      const value = String(slots[name]);
      if (isName !== '') return isBare(value, random) ? value : `${quote}${value}${quote}`;
      return `${random.pick(NOUNS[split])}${quote}${value}${quote}`;
    })
    .replace(/<(\w+)>/g, (_, name) => String(slots[name]));
  return { body, isSentence };
}

/** Garbled, unless that makes a wording of the test split. */
function garbleApart(template: Template, wording: string, random: Random): string {
  const garbled = garble(wording, random);
  return testWordings(template).has(garbled.toLowerCase()) ? wording : garbled;
}

const kept = new WeakMap<Template, ReadonlySet<string>>();

function testWordings(template: Template): ReadonlySet<string> {
  let wordings = kept.get(template);
  if (wordings === undefined) {
    const source = { templateName: template.name, split: 'test' } as const;
    const all = template.test.flatMap((pattern) => expandPattern(pattern.replace(/^!/, ''), source));
    wordings = new Set(all.map((wording) => wording.toLowerCase()));
    kept.set(template, wordings);
  }
  return wordings;
}

function joinParts(bodies: readonly string[], split: ValueSplit, random: Random): Sentence {
  const [joint, before] = random.pick<readonly [string, string]>(JOINTS[split]);
  const [first = '', ...rest] = bodies;
  let body = before + first;
  for (const [i, part] of rest.entries()) body += (i < rest.length - 1 ? ', ' : joint) + part;
  return { body, isSentence: false };
}

function isBare(value: string, random: Random): boolean {
  const isLiteral = findReferences(value).some(({ text }) => text === value);
  return random.chance(isLiteral ? BARE_LITERAL_SHARE : BARE_NAME_SHARE);
}
