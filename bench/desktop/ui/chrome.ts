/** What every window has: title bar, tab strip, document, scroll bar, status bar; and the tabs that only add clutter. */
import { CONTEXTUAL_TABS, type Desk } from '../desk.ts';
import { countWords } from '../document.ts';
import { button, type ControlSpec, control, inert, opener, rare } from './control.ts';
import { messageBar } from './messages.ts';
import { chrome, menu, pane, type Surface, tab } from './surface.ts';
import { setZoom, ZOOM_STEP } from './view.ts';

/** The name of the Document control, on which Word's own functions are called. */
export const BODY = 'Body';
/** About how many words fit a page. */
const WORDS_PER_PAGE = 120;

export const TABS = ['Home', 'Insert', 'Draw', 'Design', 'Layout', 'References', 'Mailings', 'Review', 'View', 'Help'];
export const ADD_IN_TABS = ['Developer', 'Acrobat', 'Grammarly', 'Zotero', 'EndNote'];

const tabItem = (name: string): ControlSpec =>
  control('TabItem', name, { opens: name, selected: (desk) => desk.tab === name });

const inBackstage = (desk: Desk): boolean => desk.tab === 'File';
const outsideBackstage = { visible: (desk: Desk) => !inBackstage(desk) };
const inFullStatusBar = { shown: (desk: Desk) => desk.clutter.fullStatusBar };
const countPages = (desk: Desk): number => 1 + Math.floor(countWords(desk.document) / WORDS_PER_PAGE);

/** Names of the status bar's counters: they begin with what they count. */
export const pageLabel = (desk: Desk): string => `Page Number Page 1 of ${countPages(desk)}`;
export const wordsLabel = (desk: Desk): string => `Word Count ${countWords(desk.document)} words`;
export const zoomLabel = (desk: Desk): string => `Zoom ${desk.document.view.zoom}%`;
export const languageLabel = (desk: Desk): string => `Language ${desk.document.language}`;

/** Notches that a click on the scroll bar's arrows and on its track moves the text. */
export const SCROLL_STEPS = { 'Line up': -1, 'Line down': 1, 'Page up': -10, 'Page down': 10 } as const;

const scrollBy = (desk: Desk, notches: number): void => {
  const { view } = desk.document;
  view.scroll = Math.max(0, view.scroll + notches);
};
const zoomButton = (name: string, by: number): ControlSpec =>
  button(name, (desk) => setZoom(desk, desk.document.view.zoom + by));

export const topChrome: readonly Surface[] = [
  chrome('Title Bar', [
    button('Save', (desk) => {
      desk.document.file.saves++;
    }),
    button('Undo', (desk) => desk.undo(), { enabled: (desk) => desk.canUndo }),
    ...inert('Button', 'Repeat'),
    ...rare('Button', 'Customize Quick Access Toolbar'),
    ...inert('Edit', 'Microsoft Search'),
    ...rare('Button', 'Account Manager', 'Ribbon Display Options'),
    ...inert('Button', 'Minimize', 'Restore Down'),
    opener('Close', 'Save Changes dialog'),
  ]),
  chrome(
    'Tabs',
    [
      control('Button', 'File Tab', { opens: 'File' }),
      ...TABS.map(tabItem),
      ...ADD_IN_TABS.map((name) => ({
        ...tabItem(name),
        shown: (desk: Desk) => desk.clutter.addInTabs.includes(name),
      })),
      ...CONTEXTUAL_TABS.map((name) => ({
        ...tabItem(name),
        shown: (desk: Desk) => desk.document.selection.type === 'table',
      })),
      ...rare('Button', 'Comments', 'Editing'),
      opener('Share', 'Share dialog'),
    ],
    outsideBackstage,
  ),
  messageBar,
];

export const bottomChrome: readonly Surface[] = [
  pane(
    'Navigation',
    [
      ...inert('Edit', 'Search document'),
      ...inert('TabItem', 'Headings', 'Pages', 'Results'),
      ...inert('TreeItem', 'Heading list'),
    ],
    { visible: (desk) => desk.document.view.navigation && !inBackstage(desk) },
  ),
  chrome(
    'Document Area',
    [
      control('Document', BODY),
      control('ScrollBar', 'Vertical', { wheel: (desk, notches) => scrollBy(desk, -notches) }),
      ...Object.entries(SCROLL_STEPS).map(([name, notches]) => button(name, (desk) => scrollBy(desk, notches))),
    ],
    outsideBackstage,
  ),
  chrome(
    'Status Bar',
    [
      control('Button', 'Page', { label: pageLabel }),
      control('Button', 'Words', { label: wordsLabel }),
      control('Button', 'Spelling', inFullStatusBar),
      control('Button', 'Language', { label: languageLabel }),
      control('Button', 'Accessibility', { ...inFullStatusBar, label: () => 'Accessibility: Good to go' }),
      control('Button', 'Display Settings', inFullStatusBar),
      zoomButton('Zoom Out', -ZOOM_STEP),
      ...inert('Slider', 'Zoom'),
      zoomButton('Zoom In', ZOOM_STEP),
      control('Button', 'Zoom level', { label: zoomLabel }),
    ],
    outsideBackstage,
  ),
];

export const otherTabs: readonly Surface[] = [
  tab(
    'Draw',
    inert(
      'Button',
      'Select Objects',
      'Lasso Select',
      'Eraser',
      'Pen: Black',
      'Pen: Red',
      'Highlighter: Yellow',
      'Add Pen',
      'Ink to Shape',
      'Ink to Math',
      'Drawing Canvas',
      'Ink Replay',
    ),
  ),
  tab('Mailings', [
    ...inert(
      'Button',
      'Envelopes...',
      'Labels...',
      'Start Mail Merge',
      'Select Recipients',
      'Edit Recipient List...',
      'Highlight Merge Fields',
      'Address Block...',
      'Greeting Line...',
      'Insert Merge Field',
      'Preview Results',
    ),
    opener('Finish & Merge', 'Finish & Merge menu'),
  ]),
  menu('Finish & Merge menu', [
    ...inert('MenuItem', 'Edit Individual Documents...', 'Print Documents...'),
    control('MenuItem', 'Send Email Messages...', {
      click: (desk) => {
        desk.document.file.sent.push('mail merge');
      },
      sensitive: true,
    }),
  ]),
  tab('Help', inert('Button', 'Help', 'Contact Support', 'Feedback', 'Show Training', "What's New")),
  tab(
    'Developer',
    inert(
      'Button',
      'Visual Basic',
      'Macros',
      'Record Macro',
      'Macro Security',
      'Word Add-ins',
      'COM Add-ins',
      'Design Mode',
      'XML Mapping Pane',
    ),
  ),
  ...ADD_IN_TABS.slice(1).map((name) =>
    tab(name, inert('Button', `${name} Settings`, `${name} Sign In`, `About ${name}`)),
  ),
];
