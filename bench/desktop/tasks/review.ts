/** Tasks about review, view, and the file. */
import { countWords, documentText, type WordDocument } from '../document.ts';
import { selectedText } from '../editing.ts';
import { fill, onDocument, onWindow, press, report, scroll, selectText, turn, turnOn } from '../goals.ts';
import { VIEW_MODES } from '../ui/review.ts';
import type { Draw } from './draw.ts';
import type { Template } from './task.ts';

type ViewFlag = 'ruler' | 'gridlines' | 'navigation';

const viewTask = (flag: ViewFlag, control: string, thing: string): Template => ({
  name: `toggle-${flag}`,
  train: [
    `<verb> the ${thing}`,
    `!the ${thing} should be <state>`,
    `<verb> the ${thing} in Word`,
    `turn <onoff> the ${thing}`,
    `switch the ${thing} <onoff>`,
    `set the ${thing} to <onoff>`,
    `make the ${thing} <state>`,
    `!I need to have the ${thing} <onoff>`,
  ],
  test: [`make sure the ${thing} is <state>`, `!I want the ${thing} <state>`, `have the ${thing} <onoff>`],
  mayBeDone: true,
  create: (draw) => {
    const on = draw.pick([true, false]);
    return {
      slots: { verb: on ? 'show' : 'hide', state: on ? 'visible' : 'hidden', onoff: on ? 'on' : 'off' },
      goals: [turn(on, control)],
      start: ({ document }) => {
        document.view[flag] = !on;
      },
      expect: (d) => {
        d.view[flag] = on;
      },
    };
  },
});

const FORMATS = [
  { ext: '.pdf', word: 'PDF' },
  { ext: '.txt', word: 'plain text' },
  { ext: '.rtf', word: 'RTF' },
  { ext: '.html', word: 'HTML' },
  { ext: '.docx', word: 'Word' },
  { ext: '.xps', word: 'XPS' },
];

const copy = (path: string) => (document: WordDocument) => {
  document.file.copies.push(path);
};
const folder = (draw: Draw): string => `C:\\${draw.pick(['Users', 'Work', 'Data', 'Temp'])}\\${draw.identifier()}`;

const revisionTask = (verb: 'Accept' | 'Reject'): Template => {
  const word = verb.toLowerCase();
  return {
    name: `${word}-changes`,
    train: [
      `${word} all changes`,
      `${word} all tracked changes`,
      `${word} every change in the document`,
      `${word} all the edits`,
      `${word} all revisions`,
      `${word} each change`,
      `!all edits should be ${word}ed`,
    ],
    test: [`${word} each tracked change`, `!all changes should be ${word}ed`, `${word} everything that was changed`],
    create: (draw) => {
      const count = draw.random.int(1, 9);
      return {
        slots: {},
        goals: [press(`${verb} menu/${verb} All Changes`)],
        start: ({ document }) => {
          document.revisions = count;
        },
        expect: (d) => {
          d.revisions = 0;
        },
      };
    },
  };
};

export const reviewTasks: readonly Template[] = [
  {
    name: 'track-changes',
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
        start: ({ document }) => {
          document.trackChanges = !on;
        },
        expect: (d) => {
          d.trackChanges = on;
        },
      };
    },
  },
  revisionTask('Accept'),
  revisionTask('Reject'),
  {
    name: 'delete-comments',
    train: [
      'delete all comments',
      'remove all comments from the document',
      'delete every comment',
      'clear all the comments',
      'get all comments out of the document',
      'take all the comments away',
      'erase all comments in the document',
    ],
    test: ['get rid of all comments', '!no comments should be left', 'take every comment out of the document'],
    create: (draw) => {
      const comments = [draw.text(), draw.text()].map((text) => ({ anchor: '', text }));
      return {
        slots: {},
        goals: [press('Delete Comment menu/Delete All Comments in Document')],
        start: ({ document }) => {
          document.comments = comments;
        },
        expect: (d) => {
          d.comments = [];
        },
      };
    },
  },
  viewTask('ruler', 'View/Ruler', 'ruler'),
  viewTask('gridlines', 'View/Gridlines', 'gridlines'),
  viewTask('navigation', 'View/Navigation Pane', 'navigation pane'),
  {
    name: 'toggle-marks',
    train: [
      '<verb> paragraph marks',
      '<verb> the formatting marks',
      'turn <onoff> the paragraph marks',
      '<verb> hidden formatting symbols',
      'switch the formatting marks <onoff>',
      'have the formatting marks <onoff>',
      'make the paragraph marks <onoff>',
    ],
    test: [
      'make sure the paragraph marks are <onoff>',
      '!I want the formatting marks <onoff>',
      'have the paragraph marks <onoff>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const on = draw.pick([true, false]);
      return {
        slots: { verb: on ? 'show' : 'hide', onoff: on ? 'on' : 'off' },
        goals: [turn(on, 'Home/Show/Hide ¶')],
        start: ({ document }) => {
          document.view.marks = !on;
        },
        expect: (d) => {
          d.view.marks = on;
        },
      };
    },
  },
  {
    name: 'view-mode',
    train: [
      'switch to <mode> view',
      'change the view to <mode>',
      'show the document in <mode> view',
      'use the <mode> view',
      'display it in <mode> view',
      'go to <mode> view',
      'open the <mode> view',
      'set the view to <mode>',
    ],
    test: ['display the document in <mode>', 'go to the <mode> view', '!I want to see the document in <mode>'],
    mayBeDone: true,
    create: (draw) => {
      const mode = draw.pick(VIEW_MODES);
      return {
        slots: { mode: mode.toLowerCase().replace(/ (mode|layout)$/, draw.pick(['', ' $1'])) },
        goals: [turnOn(`View/${mode}`)],
        start: ({ document }, random) => {
          document.view.mode = random.pick(VIEW_MODES.filter((other) => other !== mode));
        },
        expect: (d) => {
          d.view.mode = mode;
        },
      };
    },
  },
  {
    name: 'zoom',
    train: [
      'set the zoom to <percent>%',
      'zoom to <percent>%',
      'change the zoom level to <percent> percent',
      'show the document at <percent>%',
      'use a zoom of <percent> percent',
      'display the document at <percent> percent',
      'put the zoom level at <percent>%',
      '!the zoom should be <percent>%',
    ],
    test: ['put the zoom at <percent>%', 'display the page at <percent> percent', '!I want a zoom level of <percent>%'],
    create: (draw) => {
      const percent = draw.number('percent', { min: 20, max: 400, step: 5, except: 100 });
      return {
        slots: { percent },
        goals: [fill('Zoom dialog/Percent:', String(percent)), press('Zoom dialog/OK')],
        expect: (d) => {
          d.view.zoom = percent;
        },
      };
    },
  },
  {
    name: 'scroll',
    train: [
      'scroll <direction> by <notches> notches',
      'scroll <notches> notches <direction>',
      'move <direction> <notches> notches with the scroll bar',
      'go <direction> <notches> notches',
      'wheel the page <direction> by <notches> notches',
      'scroll <direction> <notches> steps',
    ],
    test: [
      'go <direction> by <notches> notches',
      'scroll the page <notches> notches <direction>',
      'wheel <direction> <notches> notches',
    ],
    create: (draw) => {
      const down = draw.random.chance(0.7);
      const notches = draw.number('notches', { min: 1, max: 30 });
      return {
        slots: { direction: down ? 'down' : 'up', notches },
        goals: [scroll('Document Area/Vertical', down ? -notches : notches)],
        start: ({ document }) => {
          document.view.scroll = 50;
        },
        expect: (d) => {
          d.view.scroll += down ? notches : -notches;
        },
      };
    },
  },
  {
    name: 'count-words',
    train: [
      'how many words does the document have',
      'tell me the word count',
      'report the number of words',
      'find out how many words there are',
      'look up how many words the text has',
      'say how many words there are',
      'count the words of the document',
    ],
    test: ['look up the word count', '!how many words are in this text', 'say how many words I have written'],
    create: () => ({
      slots: {},
      goals: [report('Status Bar/Words')],
      expect: () => {},
      verify: ({ document, result }) => result === `${countWords(document)} words`,
    }),
  },
  {
    name: 'count-pages',
    train: [
      'how many pages does the document have',
      'tell me the page count',
      'report the number of pages',
      'find out how many pages there are',
      'look up how many pages the document has',
      'say how many pages there are',
      'how long is it in pages',
      'which page am I on',
    ],
    test: ['look up the page count', '!how many pages are in this document', 'say how long the document is in pages'],
    create: () => ({
      slots: {},
      goals: [report('Status Bar/Page')],
      expect: () => {},
      verify: ({ result }) => /^Page \d+ of \d+$/.test(result),
    }),
  },
  {
    name: 'read-document',
    train: [
      'read the text of the document',
      'get the text of the document',
      'what does the document say',
      'fetch the document text',
      'extract the text of the document',
      'return the text that is written here',
      'give me the document as text',
      'read out what is written in the document',
    ],
    test: ['return the content of the document as text', '!I need the text of this document', 'extract the text'],
    create: () => ({
      slots: {},
      goals: [onDocument('texts')],
      expect: () => {},
      verify: ({ document, result }) => result === documentText(document),
    }),
  },
  {
    name: 'select-text',
    train: [
      'select {text}',
      'mark {text}',
      'select the place that says {text}',
      'find and select {text}',
      'move the selection to the place with {text}',
      'pick {text}',
      'put the selection on {text}',
    ],
    test: ['pick out {text} as the selection', '!{text} should be selected', 'move the selection to {text}'],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        plants: [text],
        goals: [selectText(text)],
        expect: () => {},
        verify: ({ document }) => selectedText(document) === text,
      };
    },
  },
  {
    name: 'save-document',
    train: [
      'save the document',
      'save my work',
      'save the file',
      'save the changes',
      'keep the document by saving it',
      'save it now',
      'save everything',
      'store the document',
    ],
    test: ['keep my changes by saving', '!the document should be saved', 'save everything now'],
    create: () => ({
      slots: {},
      goals: [press('Title Bar/Save')],
      expect: (d) => {
        d.file.saves++;
      },
    }),
  },
  {
    name: 'export-document',
    train: [
      'save the document as a <format> file named <name>',
      'export the document to <format> as <name>',
      'save a <format> copy called <name>',
      'export it as <format> with the name <name>',
      'store the document in <format> format under the name <name>',
      'produce a <format> copy called <name>',
      'write a <format> file <name>',
      'save this as <name> in <format> format',
    ],
    test: [
      'store a <format> version under the name <name>',
      'produce a <format> file called <name>',
      '!I need the document as <format>, named <name>',
    ],
    create: (draw) => {
      const { ext, word } = draw.pick(FORMATS);
      const name = draw.identifier();
      return {
        slots: { format: word, name },
        goals: [onWindow('save_as', { file_name: name, file_ext: ext })],
        expect: copy(`/${name}${ext}`),
      };
    },
  },
  {
    name: 'save-to-folder',
    train: [
      'save the document as <name> in the folder <folder>',
      'save a copy named <name> to <folder>',
      'store the file as <name> under <folder>',
      'put a copy of the document named <name> into <folder>',
      'write the file <name> to the folder <folder>',
      'export the document to <folder> as <name>',
    ],
    test: [
      'put a copy called <name> into <folder>',
      'write the document to <folder> with the name <name>',
      '!I need a copy in <folder>, named <name>',
    ],
    create: (draw) => {
      const name = draw.identifier();
      const directory = folder(draw);
      return {
        slots: { name, folder: directory },
        goals: [onWindow('save_as', { file_dir: directory, file_name: name, file_ext: '.docx' })],
        expect: copy(`${directory}/${name}.docx`),
      };
    },
  },
  {
    name: 'wait-and-save',
    train: [
      'wait <seconds> seconds, then save',
      'wait for <seconds> seconds and save the document',
      'pause <seconds> seconds and then save the file',
      'hold on <seconds> seconds, then save',
      'after <seconds> seconds have passed, save the document',
      'delay saving the document by <seconds> seconds',
      'save the document after waiting <seconds> seconds',
    ],
    test: [
      'hold on for <seconds> seconds before saving',
      'save the file once <seconds> seconds have passed',
      'delay <seconds> seconds, then save the document',
    ],
    create: (draw) => {
      const seconds = draw.number('seconds', { min: 1, max: 60 });
      return {
        slots: { seconds },
        goals: [onWindow('wait', { seconds }), press('Title Bar/Save')],
        expect: (d) => {
          d.file.saves++;
        },
      };
    },
  },
  {
    name: 'undo',
    train: [
      'undo the last change',
      'undo',
      'take back the last edit',
      'reverse the last change',
      'go back one step',
      'step back once',
      'the last edit was wrong, take it back',
      'undo what I just did',
      'revert the last action',
    ],
    test: ['reverse the most recent change', '!the last change was a mistake, undo it', 'step back one change'],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: {},
        goals: [press('Title Bar/Undo')],
        start: (desk) =>
          desk.change((d) => {
            d.header = text;
          }),
        expect: (d) => {
          d.header = '';
        },
      };
    },
  },
];
