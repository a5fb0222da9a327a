/** The Design and Layout tabs: theme, watermark, page colour and border, margins, size, columns, breaks, spacing. */
import type { Desk } from '../desk.ts';
import type { Margins, PageSetup, ParagraphFormat } from '../document.ts';
import { BODY_TEXT, NORMAL_MARGINS } from '../document.ts';
import { formatParagraphs, paragraphAtSelection } from '../editing.ts';
import { colorPicker } from './colors.ts';
import {
  type ControlSpec,
  choice,
  closing,
  control,
  field,
  inert,
  listItem,
  menuItem,
  opener,
  rare,
} from './control.ts';
import { insertPageBreak } from './insert.ts';
import { pageSetupDialogs } from './page-setup.ts';
import { dialog, menu, type Surface, tab } from './surface.ts';

const setPage = (desk: Desk, change: Partial<PageSetup>): void =>
  desk.change((d) => {
    Object.assign(d.page, change);
  });

/** Presets in inches. */
export const MARGINS: Readonly<Record<string, Margins>> = {
  Normal: NORMAL_MARGINS,
  Narrow: { top: 0.5, bottom: 0.5, left: 0.5, right: 0.5 },
  Moderate: { top: 1, bottom: 1, left: 0.75, right: 0.75 },
  Wide: { top: 1, bottom: 1, left: 2, right: 2 },
};
export const PAPER_SIZES = [
  'Letter',
  'Legal',
  'Executive',
  'Tabloid',
  'A3',
  'A4',
  'A5',
  'B4 (JIS)',
  'B5 (JIS)',
  'Statement',
];
export const COLUMNS = ['One', 'Two', 'Three', 'Left', 'Right'];
export const WATERMARKS = [
  'CONFIDENTIAL 1',
  'CONFIDENTIAL 2',
  'DO NOT COPY 1',
  'DO NOT COPY 2',
  'DRAFT 1',
  'DRAFT 2',
  'SAMPLE 1',
  'ASAP 1',
  'URGENT 1',
];
export const PAGE_BORDERS = ['None', 'Box', 'Shadow', '3-D', 'Custom'];
export const LINE_NUMBERS = ['None', 'Continuous', 'Restart Each Page', 'Restart Each Section'];
export const THEMES = ['Office Theme', 'Facet', 'Integral', 'Ion', 'Organic', 'Retrospect', 'Slice', 'Wisp'];
export const PARAGRAPH_SPACINGS = ['Default', 'No Paragraph Space', 'Compact', 'Tight', 'Open', 'Relaxed', 'Double'];
export const SECTION_BREAKS = ['Next Page', 'Continuous', 'Even Page', 'Odd Page', 'Column'];
export const HYPHENATION = ['None', 'Automatic', 'Manual'];

const paragraphSpinner = (name: string, key: 'spaceBefore' | 'spaceAfter' | 'indent' | 'indentRight'): ControlSpec =>
  control('Spinner', name, {
    fill: (desk, text) => desk.change((d) => formatParagraphs(d, numeric(key, text))),
    value: (desk) => String((paragraphAtSelection(desk.document)?.format ?? BODY_TEXT)[key]),
  });

const numeric = (key: keyof ParagraphFormat, text: string): Partial<ParagraphFormat> => ({
  [key]: Number.parseFloat(text) || 0,
});

export const design: readonly Surface[] = [
  tab('Design', [
    opener('Themes', 'Themes menu'),
    ...inert('ListItem', 'This Document', 'Basic (Elegant)', 'Basic (Simple)', 'Basic (Stylish)', 'Casual', 'Centered'),
    ...rare('ListItem', 'Lines (Distinctive)', 'Lines (Simple)', 'Lines (Stylish)', 'Minimalist', 'Shaded'),
    ...inert('Button', 'Colors', 'Fonts', 'Effects', 'Set as Default'),
    opener('Document Spacing', 'Document Spacing menu'),
    opener('Watermark', 'Watermark menu'),
    opener('Page Color', 'Page Color menu'),
    opener('Page Borders...', 'Page Border dialog'),
  ]),
  menu(
    'Themes menu',
    THEMES.map((theme) => listItem(theme, (desk) => setPage(desk, { theme }))),
  ),
  menu(
    'Document Spacing menu',
    PARAGRAPH_SPACINGS.map((paragraphSpacing) =>
      listItem(paragraphSpacing, (desk) => setPage(desk, { paragraphSpacing })),
    ),
  ),
  menu('Watermark menu', [
    ...WATERMARKS.map((watermark) => listItem(watermark, (desk) => setPage(desk, { watermark }))),
    control('MenuItem', 'Custom Watermark...', { opens: 'Watermark dialog' }),
    menuItem('Remove Watermark', (desk) => setPage(desk, { watermark: '' })),
  ]),
  menu(
    'Page Color menu',
    colorPicker('No Color', (desk, color) => setPage(desk, { color })),
  ),
  dialog(
    'Watermark dialog',
    [
      choice('kind', 'No watermark'),
      choice('kind', 'Picture watermark'),
      choice('kind', 'Text watermark'),
      field('Language:', 'ComboBox'),
      field('Text:', 'ComboBox'),
      field('Font:', 'ComboBox'),
      field('Size:', 'ComboBox'),
      ...inert('RadioButton', 'Diagonal', 'Horizontal'),
      closing('OK', (desk) => {
        const isText = desk.field('kind') === 'Text watermark';
        setPage(desk, { watermark: isText ? desk.field('Text:') : '' });
      }),
      closing('Cancel'),
    ],
    { fields: () => ({ kind: 'No watermark', 'Text:': 'ASAP' }) },
  ),
  dialog(
    'Page Border dialog',
    [
      ...inert('TabItem', 'Borders', 'Page Border', 'Shading'),
      ...PAGE_BORDERS.map((name) => choice('border', name)),
      field('Style:', 'ComboBox'),
      field('Width:', 'ComboBox'),
      field('Art:', 'ComboBox'),
      ...inert('Button', 'Options...'),
      closing('OK', (desk) => setPage(desk, { border: desk.field('border') })),
      closing('Cancel'),
    ],
    { fields: (desk) => ({ border: desk.document.page.border }) },
  ),
];

export const layout: readonly Surface[] = [
  tab('Layout', [
    opener('Margins', 'Margins menu'),
    opener('Orientation', 'Orientation menu'),
    opener('Size', 'Size menu'),
    opener('Columns', 'Columns menu'),
    opener('Breaks', 'Breaks menu'),
    opener('Line Numbers', 'Line Numbers menu'),
    opener('Hyphenation', 'Hyphenation menu'),
    opener('Page Setup...', 'Page Setup dialog'),
    paragraphSpinner('Indent Left', 'indent'),
    paragraphSpinner('Indent Right', 'indentRight'),
    paragraphSpinner('Spacing Before', 'spaceBefore'),
    paragraphSpinner('Spacing After', 'spaceAfter'),
    opener('Paragraph Settings...', 'Paragraph dialog'),
    ...inert('Button', 'Position', 'Wrap Text', 'Bring Forward', 'Send Backward', 'Selection Pane...'),
    ...rare('Button', 'Align Objects', 'Group Objects', 'Rotate Objects'),
  ]),
  menu('Margins menu', [
    ...Object.entries(MARGINS).map(([name, margins]) =>
      listItem(name, (desk) => setPage(desk, { margins: { ...margins } })),
    ),
    ...inert('ListItem', 'Mirrored'),
    control('MenuItem', 'Custom Margins...', { opens: 'Page Setup dialog' }),
  ]),
  menu('Orientation menu', [
    ...(['Portrait', 'Landscape'] as const).map((orientation) =>
      listItem(orientation, (desk) => setPage(desk, { orientation })),
    ),
  ]),
  menu('Size menu', [
    ...PAPER_SIZES.map((size) => listItem(size, (desk) => setPage(desk, { size }))),
    ...inert('MenuItem', 'More Paper Sizes...'),
  ]),
  menu('Columns menu', [
    ...COLUMNS.map((columns) => listItem(columns, (desk) => setPage(desk, { columns }))),
    ...inert('MenuItem', 'More Columns...'),
  ]),
  menu('Breaks menu', [
    menuItem('Page', (desk) => desk.change(insertPageBreak)),
    ...inert('MenuItem', 'Text Wrapping'),
    ...SECTION_BREAKS.map((name) =>
      menuItem(name, (desk) =>
        desk.change((d) => {
          d.page.sectionBreaks.push(name);
        }),
      ),
    ),
  ]),
  menu('Line Numbers menu', [
    ...LINE_NUMBERS.map((lineNumbers) => menuItem(lineNumbers, (desk) => setPage(desk, { lineNumbers }))),
    ...inert('MenuItem', 'Suppress for Current Paragraph', 'Line Numbering Options...'),
  ]),
  menu('Hyphenation menu', [
    ...HYPHENATION.map((hyphenation) => menuItem(hyphenation, (desk) => setPage(desk, { hyphenation }))),
    ...inert('MenuItem', 'Hyphenation Options...'),
  ]),
  ...pageSetupDialogs,
];
