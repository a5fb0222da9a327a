/** What every window has: title bar, tab strip, document, scroll bar, status bar; and the tabs that only add clutter. */
import type { Desk } from '../desk.ts';
import { countWords } from '../document.ts';
import { button, type ControlSpec, control, inert, rare } from './control.ts';
import { backstage, chrome, pane, type Surface, tab } from './surface.ts';

/** The name of the Document control, on which Word's own functions are called. */
export const BODY = 'Body';
/** About how many words fit a page. */
const WORDS_PER_PAGE = 120;

export const TABS = ['Home', 'Insert', 'Draw', 'Design', 'Layout', 'References', 'Mailings', 'Review', 'View', 'Help'];
export const ADD_IN_TABS = ['Developer', 'Acrobat', 'Grammarly', 'Zotero', 'EndNote'];

const tabItem = (name: string): ControlSpec =>
  control('TabItem', name, { opens: name, selected: (desk) => desk.ui.tab === name });

const inBackstage = (desk: Desk): boolean => desk.ui.tab === 'File';
const outsideBackstage = { visible: (desk: Desk) => !inBackstage(desk) };
const inFullStatusBar = { shown: (desk: Desk) => desk.clutter.fullStatusBar };
const countPages = (desk: Desk): number => 1 + Math.floor(countWords(desk.document) / WORDS_PER_PAGE);

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
    ...inert('Button', 'Minimize', 'Restore Down', 'Close'),
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
      ...rare('Button', 'Comments', 'Editing', 'Share'),
    ],
    outsideBackstage,
  ),
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
      control('ScrollBar', 'Vertical', {
        wheel: (desk, notches) => {
          desk.document.view.scroll = Math.max(0, desk.document.view.scroll - notches);
        },
      }),
      ...inert('Button', 'Line up', 'Line down'),
    ],
    outsideBackstage,
  ),
  chrome(
    'Status Bar',
    [
      control('Button', 'Page', { label: (desk) => `Page 1 of ${countPages(desk)}` }),
      control('Button', 'Words', { label: (desk) => `${countWords(desk.document)} words` }),
      control('Button', 'Spelling', inFullStatusBar),
      control('Button', 'Language', { ...inFullStatusBar, label: () => 'English (United States)' }),
      control('Button', 'Accessibility', { ...inFullStatusBar, label: () => 'Accessibility: Good to go' }),
      control('Button', 'Display Settings', inFullStatusBar),
      ...inert('Button', 'Zoom Out'),
      ...inert('Slider', 'Zoom'),
      ...inert('Button', 'Zoom In'),
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
  tab(
    'Mailings',
    inert(
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
      'Finish & Merge',
    ),
  ),
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
  backstage(
    'File',
    [
      control('Button', 'Back', {
        click: (desk) => {
          desk.ui.tab = 'Home';
        },
      }),
      ...inert('ListItem', 'Home', 'New', 'Open', 'Get Add-ins', 'Info', 'Save', 'Save As', 'Print', 'Share', 'Export'),
      ...inert('ListItem', 'Transform', 'Close', 'Account', 'Feedback', 'Options'),
    ],
    { dismiss: 'Back' },
  ),
];
