/** What formatting controls read and write: the text and the paragraphs at the selection. */
import type { Desk } from '../desk.ts';
import type { CharFormat, ParagraphFormat, Table, TableOption } from '../document.ts';
import { BODY_TEXT } from '../document.ts';
import { formatAtSelection, formatParagraphs, formatText, paragraphAtSelection } from '../editing.ts';
import { type ControlSpec, control, listItem, toggle } from './control.ts';

export const applyText = (desk: Desk, format: Partial<CharFormat>): void => desk.change((d) => formatText(d, format));
export const applyParagraph = (desk: Desk, format: Partial<ParagraphFormat>): void =>
  desk.change((d) => formatParagraphs(d, format));
export const formatHere = (desk: Desk): CharFormat => formatAtSelection(desk.document);
export const paragraphHere = (desk: Desk): ParagraphFormat => paragraphAtSelection(desk.document)?.format ?? BODY_TEXT;
export const hasSelection = (desk: Desk): boolean => desk.document.selection.type !== 'none';

type Flag = 'bold' | 'italic' | 'underline' | 'strikethrough';
export const flagToggle = (name: string, flag: Flag): ControlSpec =>
  toggle(
    name,
    (desk) => formatHere(desk)[flag],
    (desk) => applyText(desk, { [flag]: !formatHere(desk)[flag] }),
  );
export const scriptToggle = (name: string, script: 'subscript' | 'superscript'): ControlSpec =>
  toggle(
    name,
    (desk) => formatHere(desk).script === script,
    (desk) => applyText(desk, { script: formatHere(desk).script === script ? 'none' : script }),
  );
export const listToggle = (name: string, list: 'bullets' | 'numbering'): ControlSpec =>
  toggle(
    name,
    (desk) => paragraphHere(desk).list === list,
    (desk) => applyParagraph(desk, { list: paragraphHere(desk).list === list ? 'none' : list }),
  );
export const align = (name: string, alignment: ParagraphFormat['alignment']): ControlSpec =>
  toggle(
    name,
    (desk) => alignmentHere(desk) === alignment,
    (desk) => setAlignment(desk, alignment),
  );

/** The selected table, or null. */
export function tableHere(desk: Desk): Table | null {
  const { selection, tables } = desk.document;
  return selection.type === 'table' ? (tables[selection.index] ?? null) : null;
}

export const changeTable = (desk: Desk, change: (table: Table) => void): void =>
  desk.change((d) => {
    const table = d.selection.type === 'table' ? d.tables[d.selection.index] : undefined;
    if (table) change(table);
  });

/** A check box that is a property of the selected table. */
export const tableBox = (name: string, option: TableOption): ControlSpec =>
  control('CheckBox', name, {
    selected: (desk) => tableHere(desk)?.options[option] === true,
    click: (desk) =>
      changeTable(desk, ({ options }) => {
        options[option] = !options[option];
      }),
  });

function alignmentHere(desk: Desk): ParagraphFormat['alignment'] {
  const { selection } = desk.document;
  if (selection.type === 'table') return tableHere(desk)?.alignment ?? 'left';
  return paragraphHere(desk).alignment;
}

function setAlignment(desk: Desk, alignment: ParagraphFormat['alignment']): void {
  if (!tableHere(desk)) applyParagraph(desk, { alignment });
  else
    changeTable(desk, (table) => {
      table.alignment = alignment;
    });
}

export const style = (name: string): ControlSpec =>
  listItem(name, (desk) => applyParagraph(desk, { style: name }), {
    selected: (desk) => paragraphHere(desk).style === name,
  });
/** The ribbon's gallery has room for the first few styles only. */
export const galleryStyle = (name: string, index: number): ControlSpec => ({
  ...style(name),
  shown: (desk) => index < desk.clutter.numStyles,
});

/** Bigger and smaller fonts move along these sizes, in points. */
const SIZES = [8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 24, 26, 28, 36, 48, 72];
/** The size above or below `size`. */
export const nextSize = (size: number, direction: 1 | -1): number =>
  (direction === 1 ? SIZES.find((s) => s > size) : SIZES.findLast((s) => s < size)) ?? size;
export const resize = (direction: 1 | -1) => (desk: Desk) =>
  applyText(desk, { size: nextSize(formatHere(desk).size, direction) });
export const indent = (by: 1 | -1) => (desk: Desk) =>
  applyParagraph(desk, { indent: Math.max(0, paragraphHere(desk).indent + by) });

const CASES: Readonly<Record<string, (text: string) => string>> = {
  'Sentence case.': (text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
  lowercase: (text) => text.toLowerCase(),
  UPPERCASE: (text) => text.toUpperCase(),
  'Capitalize Each Word': (text) =>
    text.toLowerCase().replace(/\p{L}+/gu, (w) => w.charAt(0).toUpperCase() + w.slice(1)),
  'tOGGLE cASE': (text) => [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
};
export const CASE_NAMES = Object.keys(CASES);
export const changeCase = (name: string, text: string): string => CASES[name]?.(text) ?? text;
