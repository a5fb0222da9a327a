/** Tasks about captions, contents, figures, index and bibliography. */
import { press } from '../goals.ts';
import { BIBLIOGRAPHIES, LIST_FORMATS, TABLES_OF_CONTENTS } from '../ui/references.ts';
import { A_TEXT, fillAndPress, NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Template } from './task.ts';

const template = templatesOf('reference');

/** A generated list in one of Word's formats. */
const listTask = (
  name: string,
  what: string,
  spec: { readonly key: 'tableOfFigures' | 'index'; readonly dialog: string; readonly heldOut?: boolean },
): Template => {
  const { key, dialog, heldOut = false } = spec;
  return template(name, NOTHING_SELECTED, {
    heldOut,
    train: [
      `@add ${what} in the format {=format}`,
      `@add ${what}, format {=format}`,
      `create ${what} (with|in) the format {=format}`,
      `build ${what} in {=format} format`,
      `!the document needs ${what} in the format {=format}`,
    ],
    test: [
      `give the document ${what} in the format {=format}`,
      `!I want ${what} formatted as {=format}`,
      `make ${what} with the format {=format}`,
    ],
    create: (draw) => {
      const format = draw.pick(LIST_FORMATS);
      return {
        slots: { format },
        goals: fillAndPress(dialog, { 'Formats:': format }, 'OK'),
        edit: (d) => {
          d[key] = format;
        },
      };
    },
  });
};

export const referenceTasks: readonly Template[] = [
  template('insert-caption', NOTHING_SELECTED, {
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
        goals: fillAndPress('Caption dialog', { 'Caption:': text }, 'OK'),
        edit: (d) => {
          d.captions.push(text);
        },
      };
    },
  }),
  template('table-of-contents', NOTHING_SELECTED, {
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
        edit: (d) => {
          d.tableOfContents = table;
        },
      };
    },
  }),
  template('remove-table-of-contents', NOTHING_SELECTED, {
    train: [
      '@remove the table of contents',
      '@remove the (table of contents|contents table) from @document',
      'take the table of contents out of @document',
      'take out the table of contents',
      '!the document should have no table of contents',
    ],
    test: [
      'do without the table of contents',
      '!I do not want a table of contents any more',
      'take the contents list away',
    ],
    create: (draw) => {
      const table = draw.pick(TABLES_OF_CONTENTS);
      return {
        goals: [press('Table of Contents menu/Remove Table of Contents')],
        before: (d) => {
          d.tableOfContents = table;
        },
        edit: (d) => {
          d.tableOfContents = '';
        },
      };
    },
  }),
  template('bibliography', NOTHING_SELECTED, {
    train: [
      '@add a bibliography of type <kind>',
      '@apply <kind> (as|for) the bibliography',
      '@add the bibliography <kind>',
      'create a bibliography with <kind>',
      '!the document needs the bibliography <kind>',
    ],
    test: [
      'give the document the bibliography <kind>',
      '!I want <kind> as the bibliography',
      'build the bibliography with <kind>',
    ],
    create: (draw) => {
      const kind = draw.pick(BIBLIOGRAPHIES);
      return {
        slots: { kind },
        goals: [press(`Bibliography menu/${kind}`)],
        edit: (d) => {
          d.bibliography = kind;
        },
      };
    },
  }),
  listTask('table-of-figures', 'a table of figures', { key: 'tableOfFigures', dialog: 'Table of Figures dialog' }),
  listTask('insert-index', 'an index', { key: 'index', dialog: 'Index dialog', heldOut: true }),
  template('mark-index-entry', A_TEXT, {
    train: [
      'mark {text} as the index entry {=entry}',
      '@add an index entry {=entry} (for|at) {text}',
      'put {text} into the index as {=entry}',
      'create the index entry {=entry} for {text}',
      '!{text} should be in the index as {=entry}',
    ],
    test: [
      'let the index list {text} as {=entry}',
      '!{text} needs the index entry {=entry}',
      'enter {text} in the index under {=entry}',
    ],
    create: (draw, text) => {
      const entry = draw.text();
      return {
        slots: { entry },
        goals: fillAndPress('Mark Index Entry dialog', { 'Main entry:': entry }, 'Mark'),
        edit: (d) => {
          d.indexEntries.push({ anchor: text, text: entry });
        },
      };
    },
  }),
];
