/** Tasks about review: tracked changes, comments, language, and reading out what the document has. */
import { countWords, documentText } from '../document.ts';
import { onDocument, press, readOut, turn, turnOn } from '../goals.ts';
import { LANGUAGES, MARKUPS } from '../ui/review.ts';
import { NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Template, Wordings } from './task.ts';

const template = templatesOf('review');

type Verb = 'Accept' | 'Reject';

/** All tracked changes at once. */
const revisionTask = (
  name: string,
  verb: Verb,
  spec: Wordings & { readonly stops?: boolean; readonly heldOut?: boolean },
): Template => {
  const { stops = false, ...wordings } = spec;
  return template(name, NOTHING_SELECTED, {
    ...wordings,
    create: (draw) => {
      const count = draw.random.int(1, 9);
      return {
        goals: [press(`${verb} menu/${verb} All Changes${stops ? ' and Stop Tracking' : ''}`)],
        before: (d) => {
          d.revisions = count;
          if (stops) d.trackChanges = true;
        },
        edit: (d) => {
          d.revisions = 0;
          if (stops) d.trackChanges = false;
        },
      };
    },
  });
};

const allChanges = (verb: string): Wordings => ({
  train: [
    `${verb} all changes`,
    `${verb} all tracked changes`,
    `${verb} every change in the document`,
    `${verb} all the edits`,
    `${verb} all revisions`,
    `${verb} each change`,
    `!all edits should be ${verb}ed`,
  ],
  test: [`${verb} each tracked change`, `!all changes should be ${verb}ed`, `${verb} everything that was changed`],
});
const allAndStop = (verb: string): Wordings => ({
  train: [
    `${verb} all changes and stop tracking`,
    `${verb} (every change|all edits|all revisions) and stop tracking`,
    `${verb} all tracked changes and (stop|end) change tracking`,
    `stop tracking and ${verb} all changes`,
    `!all changes should be ${verb}ed and tracking stopped`,
  ],
  test: [
    `${verb} each change and stop the tracking`,
    `!I want all changes ${verb}ed and no more tracking`,
    `end tracking and ${verb} all the changes`,
  ],
});

/** Shows or hides something of the review tab. */
const showTask = (
  name: string,
  thing: string,
  spec: { readonly control: string; readonly key: 'comments' | 'reviewingPane'; readonly heldOut?: boolean },
): Template => {
  const { control, key, heldOut = false } = spec;
  return template(name, NOTHING_SELECTED, {
    heldOut,
    train: [
      `<verb> the ${thing}`,
      `turn <onoff> the ${thing}`,
      `turn the ${thing} <onoff>`,
      `switch the ${thing} <onoff>`,
      `!the ${thing} should be <state>`,
    ],
    test: [`have the ${thing} <onoff>`, `!I want the ${thing} <state>`, `make the ${thing} <state>`],
    mayBeDone: true,
    create: (draw) => {
      const on = draw.pick([true, false]);
      return {
        slots: { verb: on ? 'show' : 'hide', state: on ? 'visible' : 'hidden', onoff: on ? 'on' : 'off' },
        goals: [turn(on, `Review/${control}`)],
        before: (d) => {
          d.view[key] = !on;
        },
        edit: (d) => {
          d.view[key] = on;
        },
      };
    },
  });
};

/** Reads out a number of the Word Count dialog. */
const countTask = (
  name: string,
  what: string,
  spec: { readonly label: string; readonly pattern: RegExp; readonly heldOut?: boolean },
): Template => {
  const { label, pattern, heldOut = false } = spec;
  return template(name, NOTHING_SELECTED, {
    heldOut,
    train: [
      `!how many ${what} does @document have`,
      `@tell (how many ${what} there are|the number of ${what})`,
      `count the ${what} (of|in) @document`,
      `!how many ${what} are there`,
    ],
    test: [
      `@tell how many ${what} the text has`,
      `!how many ${what} are in this text`,
      `give me the number of ${what}`,
    ],
    create: () => ({
      goals: [readOut(`Word Count dialog/${label}`)],
      verify: ({ results }) => results.some((result) => pattern.test(result)),
    }),
  });
};

export const reviewTasks: readonly Template[] = [
  template('track-changes', NOTHING_SELECTED, {
    train: [
      'turn <onoff> track changes',
      'turn track changes <onoff>',
      'switch <onoff> change tracking',
      'set track changes to <onoff>',
      'make change tracking <onoff>',
      'have tracking of changes <onoff>',
      '<verb> tracking changes',
      '!track changes should be <onoff>',
    ],
    test: ['make sure that track changes is <onoff>', '!I want change tracking <onoff>', 'have track changes <onoff>'],
    mayBeDone: true,
    create: (draw) => {
      const on = draw.pick([true, false]);
      return {
        slots: { onoff: on ? 'on' : 'off', verb: on ? 'start' : 'stop' },
        goals: [turn(on, 'Review/Track Changes')],
        before: (document) => {
          document.trackChanges = !on;
        },
        edit: (d) => {
          d.trackChanges = on;
        },
      };
    },
  }),
  revisionTask('accept-changes', 'Accept', allChanges('accept')),
  revisionTask('reject-changes', 'Reject', allChanges('reject')),
  revisionTask('accept-and-stop', 'Accept', { ...allAndStop('accept'), stops: true }),
  revisionTask('reject-and-stop', 'Reject', { ...allAndStop('reject'), stops: true, heldOut: true }),
  showTask('show-comments', 'comments', { control: 'Show Comments', key: 'comments' }),
  showTask('reviewing-pane', 'reviewing pane', { control: 'Reviewing Pane', key: 'reviewingPane', heldOut: true }),
  template('markup', NOTHING_SELECTED, {
    train: [
      '@set the display for review to <markup>',
      '@show the changes as <markup>',
      'use <markup> for (review|the review)',
      'review the changes with <markup>',
      '!the display for review should be <markup>',
    ],
    test: ['put the display for review on <markup>', '!I want to see <markup>', 'let the review show <markup>'],
    create: (draw) => {
      const markup = draw.pick(MARKUPS);
      return {
        slots: { markup: markup.toLowerCase() },
        goals: [press(`Display for Review menu/${markup}`)],
        before: (d, random) => {
          d.view.markup = random.pick(MARKUPS.filter((other) => other !== markup));
        },
        edit: (d) => {
          d.view.markup = markup;
        },
      };
    },
  }),
  template('proofing-language', NOTHING_SELECTED, {
    train: [
      '@set the proofing language to <language>',
      '@apply <language> as the proofing language',
      'proof @document in <language>',
      'check the spelling in <language> from now on',
      '!the proofing language should be <language>',
    ],
    test: [
      'let the document be proofed in <language>',
      '!I want <language> for proofing',
      'bring the proofing language to <language>',
    ],
    create: (draw) => {
      const language = draw.pick(LANGUAGES);
      return {
        slots: { language: draw.pick([language, language.replace(/ \(.*/, '')]) },
        goals: [turnOn(`Language dialog/${language}`), press('Language dialog/OK')],
        edit: (d) => {
          d.language = language;
        },
      };
    },
  }),
  template('count-words', NOTHING_SELECTED, {
    train: [
      '!how many words does the document have',
      'tell me the word count',
      'report the number of words',
      'find out how many words there are',
      'look up how many words the text has',
      'say how many words there are',
      'count the words of the document',
    ],
    test: ['look up the word count', '!how many words are in this text', 'say how many words I have written'],
    create: () => ({
      goals: [readOut('Status Bar/Words')],
      verify: ({ document, results }) => results.includes(`Word Count ${countWords(document)} words`),
    }),
  }),
  template('count-pages', NOTHING_SELECTED, {
    train: [
      '!how many pages does the document have',
      'tell me the page count',
      'report the number of pages',
      'find out how many pages there are',
      'look up how many pages the document has',
      'say how many pages there are',
      '!how long is it in pages',
      '!which page am I on',
    ],
    test: ['look up the page count', '!how many pages are in this document', 'say how long the document is in pages'],
    create: () => ({
      goals: [readOut('Status Bar/Page')],
      verify: ({ results }) => results.some((result) => /^Page Number Page \d+ of \d+$/.test(result)),
    }),
  }),
  template('read-document', NOTHING_SELECTED, {
    train: [
      'read the text of the document',
      'get the text of the document',
      '!what does the document say',
      'fetch the document text',
      'extract the text of the document',
      'return the text that is written here',
      'give me the document as text',
      'read out what is written in the document',
    ],
    test: ['return the content of the document as text', '!I need the text of this document', 'extract the text'],
    create: () => ({
      goals: [onDocument('texts')],
      verify: ({ document, results }) => results.includes(documentText(document)),
    }),
  }),
  countTask('count-characters', 'characters', { label: 'Characters (with spaces)', pattern: /^Characters \(with/ }),
  countTask('count-paragraphs', 'paragraphs', { label: 'Paragraphs', pattern: /^Paragraphs \d/ }),
  countTask('count-lines', 'lines', { label: 'Lines', pattern: /^Lines \d/, heldOut: true }),
];
