/** The backstage: its list, its pages, and what closes, shares or deletes. */
import type { Desk } from '../desk.ts';
import {
  button,
  type ControlSpec,
  checkBox,
  closing,
  control,
  field,
  inert,
  menuItem,
  opener,
  sensitive,
} from './control.ts';
import { backstage, dialog, menu, page, type Surface } from './surface.ts';

/** Ways to send the document from the Share page. */
export const SEND_WAYS = ['Send as Attachment', 'Send a Link', 'Send as PDF', 'Send as XPS'];
export const PROPERTIES = ['Title', 'Subject', 'Tags', 'Company'];

const property = (name: string): ControlSpec =>
  control('Edit', name, {
    fill: (desk, text) =>
      desk.change((d) => {
        d.properties[name] = text;
      }),
    value: (desk) => desk.document.properties[name] ?? '',
  });

const pageItem = (name: string): ControlSpec => control('ListItem', name, { opens: `${name} page` });

const destroy = (what: string) => (desk: Desk) => {
  desk.document.file.deleted.push(what);
};
const send = (how: string) => (desk: Desk) => {
  desk.document.file.sent.push(how);
};

export const file: readonly Surface[] = [
  backstage(
    'File',
    [
      button('Back', (desk) => {
        desk.ui.tab = 'Home';
      }),
      ...inert('ListItem', 'Home', 'New', 'Open', 'Get Add-ins'),
      pageItem('Info'),
      ...inert('ListItem', 'Save', 'Save As'),
      pageItem('Print'),
      pageItem('Share'),
      ...inert('ListItem', 'Export', 'Transform'),
      control('ListItem', 'Close', { opens: 'Save Changes dialog' }),
      ...inert('ListItem', 'Account', 'Feedback', 'Options'),
    ],
    { dismiss: 'Back' },
  ),
  page('Info page', [
    opener('Protect Document', 'Protect Document menu'),
    opener('Check for Issues', 'Check for Issues menu'),
    opener('Manage Document', 'Manage Document menu'),
    ...PROPERTIES.map(property),
    ...inert('Hyperlink', 'Open File Location', 'Show All Properties'),
  ]),
  page(
    'Print page',
    [
      button('Print Now', (desk) => {
        desk.document.file.prints.push(Number(desk.field('Copies:')) || 1);
      }),
      field('Copies:', 'Spinner'),
      field('Printer', 'ComboBox'),
      field('Pages:'),
      ...inert('ComboBox', 'Print One Sided', 'Collated', 'Page Orientation'),
      ...inert('Hyperlink', 'Printer Properties', 'Page Setup'),
    ],
    { fields: () => ({ 'Copies:': '1' }) },
  ),
  page('Share page', [
    ...SEND_WAYS.map((name) => sensitive(name, send(name))),
    ...inert('Button', 'Present Online', 'Post to Blog'),
  ]),
  menu('Protect Document menu', [
    ...inert('MenuItem', 'Always Open Read-Only', 'Encrypt with Password...', 'Restrict Editing'),
    menuItem('Mark as Final', (desk) =>
      desk.change((d) => {
        d.protection = 'final';
      }),
    ),
  ]),
  menu('Check for Issues menu', [
    control('MenuItem', 'Inspect Document', { opens: 'Document Inspector dialog' }),
    ...inert('MenuItem', 'Check Accessibility', 'Check Compatibility'),
  ]),
  menu('Manage Document menu', [
    ...inert('MenuItem', 'Recover Unsaved Documents'),
    control('MenuItem', 'Delete All Unsaved Documents', { click: destroy('unsaved documents'), sensitive: true }),
  ]),
  dialog(
    'Document Inspector dialog',
    [
      ...['Comments, Revisions, and Versions', 'Document Properties and Personal Information', 'Hidden Text'].map(
        checkBox,
      ),
      ...inert('Button', 'Inspect'),
      sensitive('Remove All', destroy('personal information')),
      closing('Close'),
    ],
    { dismiss: 'Close' },
  ),
  dialog('Save Changes dialog', [
    ...inert('Text', 'Want to save your changes to this document?'),
    closing('Save', ({ document }) => {
      document.file.saves++;
      document.file.closed = 'saved';
    }),
    sensitive(
      "Don't Save",
      ({ document }) => {
        document.file.closed = 'not saved';
      },
      { closes: true },
    ),
    closing('Cancel'),
  ]),
  dialog(
    'Share dialog',
    [
      field('Add a name, group, or email'),
      field('Message'),
      sensitive('Send', (desk) => send(desk.field('Add a name, group, or email'))(desk), { closes: true }),
      ...inert('Button', 'Copy link', 'Anyone with the link can edit'),
      closing('Close dialog'),
    ],
    { dismiss: 'Close dialog' },
  ),
];
