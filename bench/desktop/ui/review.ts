/** The Review tab: counts, language, comments, tracked changes. */
import type { Desk } from '../desk.ts';
import { countWords, documentText } from '../document.ts';
import { checkBox, choice, closing, control, dropDown, inert, menuItem, opener, toggle } from './control.ts';
import { dialog, menu, type Surface, tab } from './surface.ts';

export const MARKUPS = ['Simple Markup', 'All Markup', 'No Markup', 'Original'];
export const LANGUAGES = [
  'English (United Kingdom)',
  'French (France)',
  'German (Germany)',
  'Italian (Italy)',
  'Japanese (Japan)',
  'Polish (Poland)',
  'Portuguese (Brazil)',
  'Spanish (Spain)',
];

/** Texts of the Word Count dialog: what they count and how. */
const COUNTS: Readonly<Record<string, (desk: Desk) => number>> = {
  Words: (desk) => countWords(desk.document),
  'Characters (no spaces)': (desk) => documentText(desk.document).replace(/\s/g, '').length,
  'Characters (with spaces)': (desk) => documentText(desk.document).length,
  Paragraphs: (desk) => desk.document.paragraphs.length,
  Lines: (desk) => desk.document.paragraphs.length * 2,
};
export const countOf = (name: string, desk: Desk): string => `${name} ${COUNTS[name]?.(desk) ?? 0}`;

type ReviewFlag = 'comments' | 'reviewingPane';
const viewToggle = (name: string, flag: ReviewFlag) =>
  toggle(
    name,
    (desk) => desk.document.view[flag],
    (desk) => {
      desk.document.view[flag] = !desk.document.view[flag];
    },
  );

const hasRevisions = { enabled: (desk: Desk) => desk.document.revisions > 0 };

export const review: readonly Surface[] = [
  tab('Review', [
    ...inert('Button', 'Spelling & Grammar', 'Thesaurus...'),
    opener('Word Count', 'Word Count dialog'),
    ...inert('Button', 'Read Aloud', 'Check Accessibility', 'Translate'),
    opener('Language', 'Language menu'),
    opener('New Comment', 'Comment editor'),
    opener('Delete', 'Delete Comment menu', { enabled: (desk) => desk.document.comments.length > 0 }),
    ...inert('Button', 'Previous Comment', 'Next Comment'),
    viewToggle('Show Comments', 'comments'),
    toggle(
      'Track Changes',
      (desk) => desk.document.trackChanges,
      (desk) => {
        desk.document.trackChanges = !desk.document.trackChanges;
      },
    ),
    dropDown('Display for Review', 'Display for Review menu'),
    ...inert('Button', 'Show Markup'),
    viewToggle('Reviewing Pane', 'reviewingPane'),
    opener('Accept', 'Accept menu', hasRevisions),
    opener('Reject', 'Reject menu', hasRevisions),
    ...inert('Button', 'Previous Change', 'Next Change', 'Compare', 'Block Authors', 'Restrict Editing', 'Hide Ink'),
  ]),
  menu('Delete Comment menu', [
    control('MenuItem', 'Delete Comment'),
    control('MenuItem', 'Delete All Comments in Document', {
      click: (desk) =>
        desk.change((d) => {
          d.comments = [];
        }),
      sensitive: true,
    }),
  ]),
  menu('Language menu', [
    control('MenuItem', 'Set Proofing Language...', { opens: 'Language dialog' }),
    ...inert('MenuItem', 'Language Preferences...'),
  ]),
  menu(
    'Display for Review menu',
    MARKUPS.map((markup) =>
      menuItem(markup, (desk) => {
        desk.document.view.markup = markup;
      }),
    ),
  ),
  ...['Accept', 'Reject'].map((verb) =>
    menu(`${verb} menu`, [
      ...inert('MenuItem', `${verb} and Move to Next`, `${verb} This Change`),
      menuItem(`${verb} All Changes`, (desk) =>
        desk.change((d) => {
          d.revisions = 0;
        }),
      ),
      menuItem(`${verb} All Changes and Stop Tracking`, (desk) =>
        desk.change((d) => {
          d.revisions = 0;
          d.trackChanges = false;
        }),
      ),
    ]),
  ),
  dialog(
    'Language dialog',
    [
      ...LANGUAGES.map((name) => choice('language', name, 'ListItem')),
      ...inert('CheckBox', 'Do not check spelling or grammar', 'Detect language automatically'),
      ...inert('Button', 'Set As Default'),
      closing('OK', (desk) =>
        desk.change((d) => {
          d.language = desk.field('language');
        }),
      ),
      closing('Cancel'),
    ],
    { fields: (desk) => ({ language: desk.document.language }) },
  ),
  dialog(
    'Word Count dialog',
    [
      ...Object.keys(COUNTS).map((name) => control('Text', name, { label: (desk) => countOf(name, desk) })),
      checkBox('Include textboxes, footnotes and endnotes'),
      closing('Close'),
    ],
    { dismiss: 'Close' },
  ),
];
