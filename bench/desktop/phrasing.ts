/** Turns a task template and its parameters into what a user might type. */
import type { Draw } from './tasks/draw.ts';
import type { TaskInstance, Template } from './tasks/task.ts';

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
  ],
  test: ['', '', '', 'kindly ', 'would you please ', 'go ahead and ', "I'd like you to "],
} as const;
const ENDINGS = {
  train: ['', '', '', '', '.', '.', ' please', ' for me', ' in this document', ' in my document', ' now'],
  test: ['', '', '.', ', thanks', ' in the open document', ' for my report'],
} as const;
/** What a quoted text is called. */
const NOUNS = {
  train: ['', '', '', '', 'the text ', 'the phrase ', 'the words '],
  test: ['', '', '', 'the passage ', 'the string ', 'the text '],
} as const;
const QUOTES = [`'`, `'`, `'`, `'`, `"`, `"`, `"`, `"`, `"`, ''] as const;

/** A wording of the split with all slots filled; each text slot is quoted in the same style. */
export function phraseTask(template: Template, { slots }: TaskInstance, { split, random }: Draw): string {
  const wording = random.pick(split === 'train' ? template.train : template.test);
  const isSentence = wording.startsWith('!');
  const quote = random.pick(QUOTES);
  const body = (isSentence ? wording.slice(1) : wording)
    .replace(/\{(\w+)\}/g, (_, name) => {
      const noun = random.pick(NOUNS[split]);
      return `${noun}${quote}${slots[name]}${quote}`;
    })
    .replace(/<(\w+)>/g, (_, name) => String(slots[name]));
  const opening = isSentence ? '' : random.pick(OPENINGS[split]);
  const request = `${opening}${body}${random.pick(ENDINGS[split])}`;
  // An unquoted text in front keeps its case: nothing else would tell it.
  const mayCapitalize = opening !== '' || quote !== '' || !/^!?\{/.test(wording);
  return mayCapitalize && random.chance(0.7) ? request.charAt(0).toUpperCase() + request.slice(1) : request;
}
