/** Tasks about tables: inserting, aligning, rows and columns, style. */
import { createTable, type Table, type TableOption, type WordDocument } from '../document.ts';
import { fill, type Goal, onDocument, press, turn, turnOn } from '../goals.ts';
import { AUTO_FITS, TABLE_STYLES } from '../ui/tables.ts';
import { A_TABLE, NOTHING_SELECTED, templatesOf, type Work } from './build.ts';
import type { Draw } from './draw.ts';
import { ALIGNMENTS } from './paragraph.ts';
import type { Slots, Template } from './task.ts';

const template = templatesOf('table');

type TableWork = { readonly slots?: Slots; readonly goals: readonly Goal[]; readonly change: (table: Table) => void };
type Spec = Pick<Template, 'train' | 'test' | 'heldOut' | 'mayBeDone'>;

const selectedTable = (document: WordDocument): Table => {
  const { selection, tables } = document;
  const table = selection.type === 'table' ? tables[selection.index] : undefined;
  if (!table) throw new RangeError('no table is selected');
  return table;
};

/** A change of the selected table. */
const tableTask = (
  name: string,
  { create, ...spec }: Spec & { readonly create: (draw: Draw) => TableWork },
): Template =>
  template(name, A_TABLE, {
    ...spec,
    create: (draw): Work => {
      const { change, ...work } = create(draw);
      return { ...work, edit: (d) => change(selectedTable(d)) };
    },
  });

type Option = { readonly option: TableOption; readonly control: string; readonly word: string };

/** Turns a check box of the table's style on or off. */
const optionTask = (name: string, options: readonly Option[], heldOut: boolean): Template =>
  template(name, A_TABLE, {
    heldOut,
    train: [
      'turn <onoff> the <option> (of|for|in) table <number>',
      'turn the <option> of table <number> <onoff>',
      'switch the <option> (of|for) table <number> <onoff>',
      'set the <option> of table <number> to <onoff>',
      '!the <option> of table <number> should be <onoff>',
    ],
    test: [
      'have the <option> of table <number> <onoff>',
      '!I want the <option> of table <number> <onoff>',
      'make the <option> of table <number> <onoff>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const { option, control, word } = draw.pick(options);
      const on = draw.pick([true, false]);
      return {
        slots: { option: word, onoff: on ? 'on' : 'off' },
        goals: [turn(on, `Table Design/${control}`)],
        before: (d) => {
          selectedTable(d).options[option] = !on;
        },
        edit: (d) => {
          selectedTable(d).options[option] = on;
        },
      };
    },
  });

const ROW_OPTIONS: readonly Option[] = [
  { option: 'headerRow', control: 'Header Row', word: 'header row' },
  { option: 'totalRow', control: 'Total Row', word: 'total row' },
  { option: 'bandedRows', control: 'Banded Rows', word: 'banded rows' },
];
const COLUMN_OPTIONS: readonly Option[] = [
  { option: 'firstColumn', control: 'First Column', word: 'first column' },
  { option: 'lastColumn', control: 'Last Column', word: 'last column' },
  { option: 'bandedColumns', control: 'Banded Columns', word: 'banded columns' },
];

/** Inches of a spinner of the Table Layout tab. */
const sizeTask = (
  name: string,
  what: string,
  {
    key,
    control,
    heldOut,
  }: { readonly key: 'rowHeight' | 'columnWidth'; readonly control: string; readonly heldOut: boolean },
): Template =>
  tableTask(name, {
    heldOut,
    train: [
      `@set the ${what} of table <number> to <inches> inches`,
      `make the ${what} of table <number> <inches> inches`,
      `use a ${what} of <inches> inches (in|for) table <number>`,
      `give table <number> a ${what} of <inches> inches`,
      `!the ${what} of table <number> should be <inches> inches`,
    ],
    test: [
      `put the ${what} of table <number> at <inches> inches`,
      `!I want a ${what} of <inches> inches in table <number>`,
      `let table <number> have a ${what} of <inches> inches`,
    ],
    create: (draw) => {
      const inches = draw.number('table inches', { min: 2, max: 49 }) / 10;
      return {
        slots: { inches },
        goals: [fill(`Table Layout/${control}`, String(inches))],
        change: (table) => {
          table[key] = inches;
        },
      };
    },
  });

export const tableTasks: readonly Template[] = [
  template('insert-table', NOTHING_SELECTED, {
    train: [
      'insert a table with <rows> rows and <columns> columns',
      'add a <rows>x<columns> table',
      'create a table of <rows> rows by <columns> columns',
      'insert a <rows> by <columns> table',
      'make a <rows> x <columns> table',
      'build a table of <rows> rows and <columns> columns',
      'put in a table with <columns> columns and <rows> rows',
      'add a table that has <rows> rows and <columns> columns',
    ],
    test: [
      'make a new table, <rows> rows and <columns> columns',
      'insert a <rows> x <columns> table here',
      '!I need a table with <rows> rows and <columns> columns',
      'build a table with <columns> columns and <rows> rows',
    ],
    create: (draw) => {
      const rows = draw.number('rows', { min: 2, max: 30 });
      const columns = draw.number('columns', { min: 2, max: 20 });
      return {
        slots: { rows, columns },
        goals: [onDocument('insert_table', { rows, columns })],
        edit: (d) => {
          d.tables.push(createTable(rows, columns));
        },
      };
    },
  }),
  tableTask('align-table', {
    train: [
      '<side>-align table <number>',
      'align table <number> to the <side>',
      'set table <number> to <side> alignment',
      'change table <number> to <side> alignment',
      'use <side> alignment for table <number>',
      'move table <number> <side>',
      'make table <number> <side> aligned',
      '!table <number> should be <side> aligned',
    ],
    test: [
      'give table <number> <side> alignment',
      '!I want table <number> aligned to the <side>',
      'move table number <number> to the <side>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const { word, control, alignment } = draw.pick(ALIGNMENTS.filter(({ alignment: a }) => a !== 'left'));
      return {
        slots: { side: word },
        goals: [turnOn(control)],
        change: (table) => {
          table.alignment = alignment;
        },
      };
    },
  }),
  tableTask('table-style', {
    train: [
      '@apply the table style <style> (to|on|for) table <number>',
      '@set the style of table <number> to <style>',
      'give table <number> the <style> style',
      'format table <number> (as|with) <style>',
      '!table <number> should have the style <style>',
    ],
    test: [
      'put the <style> style on table <number>',
      '!I want table <number> in the style <style>',
      'let table <number> have the table style <style>',
    ],
    create: (draw) => {
      const style = draw.pick(TABLE_STYLES.slice(1));
      return {
        slots: { style },
        goals: [press(`Table Design/${style}`)],
        change: (table) => {
          table.style = style;
        },
      };
    },
  }),
  optionTask('table-row-option', ROW_OPTIONS, false),
  optionTask('table-column-option', COLUMN_OPTIONS, true),
  tableTask('table-add-row', {
    train: [
      '@add a row <side> (in|to) table <number>',
      '@add a new row <side> in table <number>',
      'give table <number> (one more|another) row <side>',
      'extend table <number> by a row <side>',
      '!table <number> needs a row <side>',
    ],
    test: [
      'let table <number> have a new row <side>',
      '!I want one more row <side> in table <number>',
      'create a row <side> in table <number>',
    ],
    create: (draw) => {
      const side = draw.pick(['above', 'below'] as const);
      return {
        slots: { side },
        goals: [press(`Table Layout/Insert ${side === 'above' ? 'Above' : 'Below'}`)],
        change: (table) => {
          table.rows++;
        },
      };
    },
  }),
  tableTask('table-add-column', {
    heldOut: true,
    train: [
      'add a column on the <side> of table <number>',
      'insert a new column to the <side> in table <number>',
      'give table <number> another column on the <side>',
      'put in a column to the <side> in table <number>',
    ],
    test: [
      '!table <number> needs a column on the <side>',
      'insert a column <side> in table <number>',
      '!I want one more column on the <side> of table <number>',
    ],
    create: (draw) => {
      const side = draw.pick(['left', 'right'] as const);
      return {
        slots: { side },
        goals: [press(`Table Layout/Insert ${side === 'left' ? 'Left' : 'Right'}`)],
        change: (table) => {
          table.columns++;
        },
      };
    },
  }),
  tableTask('table-autofit', {
    train: [
      '@set the autofit of table <number> to <fit>',
      '@apply <fit> autofit (to|for) table <number>',
      'autofit table <number> to <fit>',
      'let table <number> autofit to <fit>',
      '!table <number> should autofit to <fit>',
    ],
    test: [
      'use autofit <fit> on table <number>',
      '!I want table <number> to autofit to <fit>',
      'fit table <number> automatically to <fit>',
    ],
    create: (draw) => {
      const autoFit = draw.pick(AUTO_FITS.slice(0, 2));
      return {
        slots: { fit: autoFit === 'AutoFit Contents' ? 'its contents' : 'the window' },
        goals: [press(`AutoFit menu/${autoFit}`)],
        change: (table) => {
          table.autoFit = autoFit;
        },
      };
    },
  }),
  tableTask('table-repeat-header', {
    train: [
      'repeat the header rows of table <number>',
      'repeat the header rows of table <number> on (each|every) page',
      'turn on repeat header rows for table <number>',
      'let the header rows of table <number> repeat',
      '!the header rows of table <number> should be repeated',
    ],
    test: [
      'have the header rows of table <number> repeated',
      '!I want repeated header rows for table <number>',
      'make table <number> repeat its header rows',
    ],
    mayBeDone: true,
    create: () => ({
      goals: [turnOn('Table Layout/Repeat Header Rows')],
      change: (table) => {
        table.options.repeatHeader = true;
      },
    }),
  }),
  sizeTask('table-row-height', 'row height', { key: 'rowHeight', control: 'Table Row Height', heldOut: false }),
  sizeTask('table-column-width', 'column width', { key: 'columnWidth', control: 'Table Column Width', heldOut: true }),
];
