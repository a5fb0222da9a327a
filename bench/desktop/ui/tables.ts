/** The tabs that come with a selected table: Table Design and Table Layout. */
import type { Desk } from '../desk.ts';
import type { Table } from '../document.ts';
import { button, type ControlSpec, control, inert, listItem, menuItem, opener } from './control.ts';
import { changeTable, tableBox, tableHere } from './formatting.ts';
import { menu, type Surface, tab } from './surface.ts';

export const TABLE_STYLES = [
  'Table Grid',
  'Plain Table 1',
  'Plain Table 2',
  'Plain Table 3',
  'Grid Table 1 Light',
  'Grid Table 4',
  'Grid Table 5 Dark',
  'List Table 2',
  'List Table 3',
];
export const AUTO_FITS = ['AutoFit Contents', 'AutoFit Window', 'Fixed Column Width'];

const change = (name: string, edit: (table: Table) => void): ControlSpec =>
  button(name, (desk) => changeTable(desk, edit));

/** Inches, of every row or column. */
const sizeSpinner = (name: string, key: 'rowHeight' | 'columnWidth'): ControlSpec =>
  control('Spinner', name, {
    fill: (desk, text) =>
      changeTable(desk, (table) => {
        table[key] = Number.parseFloat(text) || 0;
      }),
    value: (desk) => String(tableHere(desk)?.[key] ?? 0),
  });

const deleteTable = (desk: Desk): void =>
  desk.change((d) => {
    if (d.selection.type !== 'table') return;
    d.tables.splice(d.selection.index, 1);
    d.selection = { type: 'none' };
  });

export const tables: readonly Surface[] = [
  tab('Table Design', [
    tableBox('Header Row', 'headerRow'),
    tableBox('Total Row', 'totalRow'),
    tableBox('Banded Rows', 'bandedRows'),
    tableBox('First Column', 'firstColumn'),
    tableBox('Last Column', 'lastColumn'),
    tableBox('Banded Columns', 'bandedColumns'),
    ...TABLE_STYLES.map((style) =>
      listItem(style, (desk) =>
        changeTable(desk, (table) => {
          table.style = style;
        }),
      ),
    ),
    ...inert('Button', 'Table Styles', 'Cell Shading', 'Border Styles', 'Border Painter'),
  ]),
  tab('Table Layout', [
    ...inert('Button', 'Select Table', 'View Table Gridlines', 'Table Properties...', 'Draw Table', 'Eraser'),
    opener('Delete Table Parts', 'Delete Table menu'),
    change('Insert Above', (table) => {
      table.rows++;
    }),
    change('Insert Below', (table) => {
      table.rows++;
    }),
    change('Insert Left', (table) => {
      table.columns++;
    }),
    change('Insert Right', (table) => {
      table.columns++;
    }),
    ...inert('Button', 'Merge Cells', 'Split Cells...', 'Split Table'),
    opener('AutoFit', 'AutoFit menu'),
    sizeSpinner('Table Row Height', 'rowHeight'),
    sizeSpinner('Table Column Width', 'columnWidth'),
    ...inert('Button', 'Distribute Rows', 'Distribute Columns', 'Align Top Left', 'Align Center', 'Text Direction'),
    tableBox('Repeat Header Rows', 'repeatHeader'),
    ...inert('Button', 'Convert to Text...', 'Formula...'),
  ]),
  menu('Delete Table menu', [
    ...inert('MenuItem', 'Delete Cells...', 'Delete Columns', 'Delete Rows'),
    control('MenuItem', 'Delete Table', { click: deleteTable, sensitive: true }),
  ]),
  menu(
    'AutoFit menu',
    AUTO_FITS.map((autoFit) =>
      menuItem(autoFit, (desk) =>
        changeTable(desk, (table) => {
          table.autoFit = autoFit;
        }),
      ),
    ),
  ),
];
