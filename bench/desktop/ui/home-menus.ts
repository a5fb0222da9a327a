/** The menus of the Home tab. */
import { mapSelectedText } from '../editing.ts';
import { colorPicker, highlightPicker } from './colors.ts';
import { control, inert, listItem, menuItem } from './control.ts';
import { applyParagraph, applyText, CASE_NAMES, changeCase, style } from './formatting.ts';
import { menu, type Surface } from './surface.ts';

export const STYLES = [
  'Normal',
  'No Spacing',
  'Heading 1',
  'Heading 2',
  'Title',
  'Subtitle',
  'Heading 3',
  'Subtle Emphasis',
  'Emphasis',
  'Strong',
  'Quote',
  'Intense Quote',
  'List Paragraph',
] as const;
export const BORDERS = [
  'Bottom Border',
  'Top Border',
  'Left Border',
  'Right Border',
  'No Border',
  'All Borders',
  'Outside Borders',
];
export const LINE_SPACINGS = ['1.0', '1.15', '1.5', '2.0', '2.5', '3.0'];
export const TEXT_EFFECTS = ['Outline', 'Shadow', 'Reflection', 'Glow'];
/** Points that the menu adds before a paragraph. */
export const SPACE_BEFORE = 12;

export const homeMenus: readonly Surface[] = [
  menu(
    'Change Case menu',
    CASE_NAMES.map((name) =>
      menuItem(name, (desk) => desk.change((d) => mapSelectedText(d, (text) => changeCase(name, text)))),
    ),
  ),
  menu('Text Effects menu', [
    ...TEXT_EFFECTS.map((effect) => menuItem(effect, (desk) => applyText(desk, { effect }))),
    ...inert('MenuItem', 'Number Styles', 'Ligatures', 'Stylistic Sets'),
  ]),
  menu(
    'Highlight menu',
    highlightPicker((desk, highlight) => applyText(desk, { highlight })),
  ),
  menu(
    'Font Color menu',
    colorPicker('Automatic', (desk, color) => applyText(desk, { color })),
  ),
  menu(
    'Shading menu',
    colorPicker('No Color', (desk, shading) => applyParagraph(desk, { shading })),
  ),
  menu('Borders menu', [
    ...BORDERS.map((border) => menuItem(border, (desk) => applyParagraph(desk, { border }))),
    ...inert('MenuItem', 'Horizontal Line', 'Draw Table', 'View Gridlines', 'Borders and Shading...'),
  ]),
  menu('Line Spacing menu', [
    ...LINE_SPACINGS.map((spacing) =>
      menuItem(spacing, (desk) => applyParagraph(desk, { lineSpacing: Number(spacing) })),
    ),
    control('MenuItem', 'Line Spacing Options...', { opens: 'Paragraph dialog' }),
    menuItem('Add Space Before Paragraph', (desk) => applyParagraph(desk, { spaceBefore: SPACE_BEFORE })),
    menuItem('Remove Space After Paragraph', (desk) => applyParagraph(desk, { spaceAfter: 0 })),
  ]),
  menu('Styles menu', [
    ...STYLES.map(style),
    ...inert('MenuItem', 'Create a Style', 'Clear Formatting', 'Apply Styles...'),
    listItem('Styles Pane Options', () => {}),
  ]),
];
