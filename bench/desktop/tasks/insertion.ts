/** Tasks that put something into the document: breaks, notes, links, header and footer, covers, contents. */
import type { WordDocument } from '../document.ts';
import { replaceAll } from '../editing.ts';
import { fill, press, selectText } from '../goals.ts';
import { COVER_PAGES, insertPageBreak, PAGE_NUMBER_POSITIONS } from '../ui/insert.ts';
import { TABLES_OF_CONTENTS } from '../ui/review.ts';
import type { Template } from './task.ts';
import { withText } from './with-text.ts';

type NoteList = 'comments' | 'footnotes' | 'endnotes' | 'bookmarks' | 'links';
const note = (list: NoteList, anchor: string, text: string) => (document: WordDocument) => {
  document[list].push({ anchor, text });
};

const storyTask = (story: 'header' | 'footer', label: 'Header' | 'Footer'): Template => ({
  name: `${story}-text`,
  train: [
    `set the ${story} to {text}`,
    `put {text} in the ${story}`,
    `add a ${story} that says {text}`,
    `write {text} in the ${story}`,
    `change the ${story} text to {text}`,
    `insert {text} as the ${story}`,
    `type {text} in the ${story}`,
    `let the ${story} say {text}`,
    `give the pages the ${story} {text}`,
    `!the ${story} should read {text}`,
  ],
  test: [
    `make the ${story} say {text}`,
    `type {text} into the ${story}`,
    `!I want {text} as ${story}`,
    `use {text} for the ${story}`,
  ],
  create: (draw) => {
    const text = draw.text();
    return {
      slots: { text },
      goals: [fill(`${label} editor/${label} -Section 1-`, text), press(`${label} editor/Close Header and Footer`)],
      expect: (d) => {
        d[story] = text;
      },
    };
  },
});

const noteTask = (list: 'footnotes' | 'endnotes', label: 'Footnote' | 'Endnote'): Template => {
  const word = label.toLowerCase();
  return {
    name: `insert-${word}`,
    train: [
      `add a ${word} {note} to {text}`,
      `insert a ${word} saying {note} at {text}`,
      `put a ${word} on {text} that says {note}`,
      `attach the ${word} {note} to {text}`,
      `add to {text} a ${word} with the content {note}`,
      `create the ${word} {note} on {text}`,
      `give {text} a ${word} that reads {note}`,
    ],
    test: [
      `give {text} the ${word} {note}`,
      `create a ${word} reading {note} for {text}`,
      `!{text} needs a ${word} that says {note}`,
    ],
    create: (draw) => {
      const text = draw.text();
      const content = draw.text();
      return {
        slots: { text, note: content },
        plants: [text],
        goals: [selectText(text), fill(`${label} editor/${label} text`, content)],
        expect: note(list, text, content),
      };
    },
  };
};

export const insertionTasks: readonly Template[] = [
  {
    name: 'page-break',
    train: [
      'insert a page break before {text}',
      'add a page break in front of {text}',
      'start a new page at {text}',
      'put a page break before {text}',
      'break to a new page at {text}',
      'let {text} begin on a new page',
      '!{text} should start on a new page',
    ],
    test: [
      'break the page before {text}',
      'move {text} to a new page with a page break',
      '!I want a page break before {text}',
    ],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        plants: [text],
        goals: [selectText(text), press('Insert/Page Break')],
        expect: (d) => withText(d, text, insertPageBreak),
      };
    },
  },
  {
    name: 'blank-page',
    train: [
      'insert a blank page',
      'add an empty page',
      'add a blank page to the document',
      'put in a blank page',
      'create an empty page',
      'give the document one more blank page',
      'insert an empty page',
    ],
    test: ['give me a new blank page', '!I need an empty page inserted', 'create a blank page'],
    create: () => ({
      slots: {},
      goals: [press('Insert/Blank Page')],
      expect: (d) => {
        d.page.blankPages++;
      },
    }),
  },
  {
    name: 'cover-page',
    train: [
      'insert the <cover> cover page',
      'add a cover page in the <cover> design',
      'use <cover> as the cover page',
      'put a <cover> cover page at the front',
      'choose the cover page <cover>',
      'give the document the cover page <cover>',
      'add the cover page <cover>',
    ],
    test: [
      'give the document a <cover> cover page',
      '!I want the cover page <cover>',
      'choose the <cover> design for the cover page',
    ],
    create: (draw) => {
      const cover = draw.pick(COVER_PAGES);
      return {
        slots: { cover },
        goals: [press(`Cover Page menu/${cover}`)],
        expect: (d) => {
          d.page.coverPage = cover;
        },
      };
    },
  },
  storyTask('header', 'Header'),
  storyTask('footer', 'Footer'),
  {
    name: 'remove-story',
    train: [
      'remove the <story>',
      'delete the <story>',
      'clear the <story> of the document',
      'take the <story> away',
      'get the <story> off the pages',
      'drop the <story> text',
      'erase the <story>',
    ],
    test: ['get rid of the <story>', '!I do not want a <story> any more', 'drop the <story> from the pages'],
    create: (draw) => {
      const label = draw.pick(['Header', 'Footer'] as const);
      const story = label === 'Header' ? 'header' : 'footer';
      const text = draw.text();
      return {
        slots: { story },
        goals: [press(`${label} menu/Remove ${label}`)],
        start: ({ document }) => {
          document[story] = text;
        },
        expect: (d) => {
          d[story] = '';
        },
      };
    },
  },
  {
    name: 'page-number',
    train: [
      'add page numbers at the <position> of the page',
      'insert page numbers at the <position>',
      'put page numbers on the <position> of each page',
      'show page numbers at the <position>',
      'give each page a number at the <position>',
      'number the pages at the <position>',
      '!the pages need numbers at the <position>',
    ],
    test: [
      'show page numbers at the <position> of every page',
      'give the pages numbers at the <position>',
      '!I want page numbers at the <position>',
    ],
    create: (draw) => {
      const position = draw.pick(PAGE_NUMBER_POSITIONS);
      const style = 'Plain Number 1';
      return {
        slots: { position: position.startsWith('Top') ? 'top' : 'bottom' },
        goals: [press(`Page Number ${position}/${style}`)],
        expect: (d) => {
          d.pageNumber = `${position}, ${style}`;
        },
      };
    },
  },
  {
    name: 'insert-comment',
    train: [
      'add a comment {note} to {text}',
      'comment on {text} with {note}',
      'add the comment {note} at {text}',
      'insert a comment saying {note} on {text}',
      'attach the comment {note} to {text}',
      'leave a comment {note} at {text}',
      'write the comment {note} on {text}',
      'put a comment on {text} that says {note}',
    ],
    test: [
      'leave the comment {note} on {text}',
      'write a comment {note} for {text}',
      '!{text} needs a comment that says {note}',
    ],
    create: (draw) => {
      const text = draw.text();
      const content = draw.text();
      return {
        slots: { text, note: content },
        plants: [text],
        goals: [
          selectText(text),
          fill('Comment editor/Start a conversation', content),
          press('Comment editor/Post comment'),
        ],
        expect: note('comments', text, content),
      };
    },
  },
  noteTask('footnotes', 'Footnote'),
  noteTask('endnotes', 'Endnote'),
  {
    name: 'insert-bookmark',
    train: [
      'bookmark {text} as <name>',
      'add a bookmark named <name> to {text}',
      'insert the bookmark <name> at {text}',
      'create a bookmark called <name> for {text}',
      'give {text} a bookmark named <name>',
      'put the bookmark <name> on {text}',
      'set a bookmark <name> on {text}',
    ],
    test: [
      'put a bookmark with the name <name> on {text}',
      'give {text} the bookmark <name>',
      '!{text} needs a bookmark called <name>',
    ],
    create: (draw) => {
      const text = draw.text();
      const name = draw.identifier();
      return {
        slots: { text, name },
        plants: [text],
        goals: [selectText(text), fill('Bookmark dialog/Bookmark name:', name), press('Bookmark dialog/Add')],
        expect: note('bookmarks', text, name),
      };
    },
  },
  {
    name: 'insert-link',
    train: [
      'link {text} to <address>',
      'add a hyperlink to <address> on {text}',
      'make {text} a link to <address>',
      'insert a link from {text} to <address>',
      'let {text} link to <address>',
      'point {text} to <address>',
      'turn {text} into a hyperlink to <address>',
    ],
    test: ['hyperlink {text} to <address>', 'let {text} point to <address>', '!{text} should link to <address>'],
    create: (draw) => {
      const text = draw.text();
      const address = draw.webAddress();
      return {
        slots: { text, address },
        plants: [text],
        goals: [selectText(text), fill('Hyperlink dialog/Address:', address), press('Hyperlink dialog/OK')],
        expect: note('links', text, address),
      };
    },
  },
  {
    name: 'insert-caption',
    train: [
      'insert a caption {text}',
      'add the caption {text}',
      'put in a caption that says {text}',
      'create the caption {text}',
      'write the caption {text}',
      'give it a caption that reads {text}',
      'add a figure caption {text}',
    ],
    test: ['write a caption reading {text}', 'give the figure the caption {text}', '!I need a caption {text}'],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        goals: [fill('Caption dialog/Caption:', text), press('Caption dialog/OK')],
        expect: (d) => {
          d.captions.push(text);
        },
      };
    },
  },
  {
    name: 'table-of-contents',
    train: [
      'insert the table of contents <table>',
      'add a table of contents with <table>',
      'use <table> for the table of contents',
      'put in a table of contents, style <table>',
      'give me a table of contents of type <table>',
      'build a table of contents with <table>',
      'create a table of contents using <table>',
    ],
    test: [
      'give the document a table of contents of type <table>',
      '!I want <table> as the table of contents',
      'build the contents list with <table>',
    ],
    create: (draw) => {
      const table = draw.pick(TABLES_OF_CONTENTS);
      return {
        slots: { table },
        goals: [press(`Table of Contents menu/${table}`)],
        expect: (d) => {
          d.tableOfContents = table;
        },
      };
    },
  },
  {
    name: 'find-and-replace',
    train: [
      'replace {find} with {new}',
      'replace all occurrences of {find} with {new}',
      'find {find} and replace it with {new}',
      'substitute {new} for {find} everywhere',
      'exchange all {find} for {new}',
      'replace each occurrence of {find} by {new}',
      'change every {find} to {new}',
      'swap {find} for {new} in the whole document',
    ],
    test: ['exchange {find} for {new} everywhere', 'replace each {find} by {new}', '!every {find} should become {new}'],
    create: (draw) => {
      const find = draw.word();
      const replacement = draw.text();
      return {
        slots: { find, new: replacement },
        plants: [find],
        goals: [
          fill('Replace dialog/Find what:', find),
          fill('Replace dialog/Replace with:', replacement),
          press('Replace dialog/Replace All'),
        ],
        expect: (d) => {
          replaceAll(d, find, replacement);
        },
      };
    },
  },
];
