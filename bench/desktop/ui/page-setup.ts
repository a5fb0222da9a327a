/** The Page Setup dialog: margins, paper, layout; one surface for each of its tabs. */
import type { Desk } from '../desk.ts';
import type { Margins, PageSetup } from '../document.ts';
import { type ControlSpec, closing, control, field, inert } from './control.ts';
import { dialog, type Surface } from './surface.ts';

const TABS = { Margins: 'Page Setup dialog', Paper: 'Paper dialog', Layout: 'Page Layout dialog' };
const MARGIN_FIELDS: readonly [string, keyof Margins][] = [
  ['Top:', 'top'],
  ['Bottom:', 'bottom'],
  ['Left:', 'left'],
  ['Right:', 'right'],
];
type Measure = 'gutter' | 'headerDistance' | 'footerDistance' | 'width' | 'height';

const tabsOf = (selected: string): ControlSpec[] =>
  Object.entries(TABS).map(([name, opens]) =>
    control('TabItem', name, { selected: () => name === selected, ...(name !== selected && { opens }) }),
  );

const inches = (desk: Desk, name: string): number => Number.parseFloat(desk.field(name)) || 0;

/** A tab whose spinners are measures of the page, in inches. */
const measureTab = (name: string, selected: string, measures: Readonly<Record<string, Measure>>): Surface =>
  dialog(
    name,
    [
      ...tabsOf(selected),
      ...Object.keys(measures).map((label) => field(label, 'Spinner')),
      field('Apply to:', 'ComboBox'),
      ...inert('Button', 'Set As Default'),
      closing('OK', (desk) =>
        desk.change(({ page }: { page: PageSetup }) => {
          for (const [label, key] of Object.entries(measures)) page[key] = inches(desk, label);
        }),
      ),
      closing('Cancel'),
    ],
    {
      fields: ({ document: { page } }) =>
        Object.fromEntries(Object.entries(measures).map(([label, key]) => [label, String(page[key])])),
    },
  );

export const pageSetupDialogs: readonly Surface[] = [
  dialog(
    'Page Setup dialog',
    [
      ...tabsOf('Margins'),
      ...MARGIN_FIELDS.map(([name]) => field(name, 'Spinner')),
      field('Gutter:', 'Spinner'),
      field('Apply to:', 'ComboBox'),
      ...inert('Button', 'Set As Default'),
      closing('OK', (desk) =>
        desk.change(({ page }) => {
          for (const [name, key] of MARGIN_FIELDS) page.margins[key] = inches(desk, name);
          page.gutter = inches(desk, 'Gutter:');
        }),
      ),
      closing('Cancel'),
    ],
    {
      fields: ({ document: { page } }) => ({
        ...Object.fromEntries(MARGIN_FIELDS.map(([name, key]) => [name, String(page.margins[key])])),
        'Gutter:': String(page.gutter),
      }),
    },
  ),
  measureTab('Paper dialog', 'Paper', { 'Width:': 'width', 'Height:': 'height' }),
  measureTab('Page Layout dialog', 'Layout', {
    'From edge Header:': 'headerDistance',
    'From edge Footer:': 'footerDistance',
  }),
];
