/** The Home tab: clipboard, font, paragraph, styles, editing. Its pop-ups are in `home-menus.ts` and `home-dialogs.ts`. */
import { PLAIN } from '../document.ts';
import { selectedText, typeText } from '../editing.ts';
import { button, control, dropDown, inert, opener, rare, toggle } from './control.ts';
import {
  align,
  applyText,
  flagToggle,
  formatHere,
  galleryStyle,
  hasSelection,
  indent,
  listToggle,
  resize,
  scriptToggle,
} from './formatting.ts';
import { homeDialogs } from './home-dialogs.ts';
import { homeMenus, STYLES } from './home-menus.ts';
import { pane, type Surface, tab } from './surface.ts';

const homeTab = tab('Home', [
  control('SplitButton', 'Paste', {
    click: (desk) => desk.change((d) => typeText(d, d.clipboard)),
    enabled: (desk) => desk.document.clipboard !== '',
  }),
  button(
    'Cut',
    (desk) =>
      desk.change((d) => {
        d.clipboard = selectedText(d);
        typeText(d, '');
      }),
    { enabled: hasSelection },
  ),
  button(
    'Copy',
    (desk) =>
      desk.change((d) => {
        d.clipboard = selectedText(d);
      }),
    { enabled: hasSelection },
  ),
  ...inert('Button', 'Format Painter'),
  ...rare('Button', 'Clipboard...'),
  control('ComboBox', 'Font', {
    fill: (desk, font) => applyText(desk, { font }),
    value: (desk) => formatHere(desk).font,
  }),
  control('ComboBox', 'Font Size', {
    fill: (desk, size) => applyText(desk, { size: Number(size) || formatHere(desk).size }),
    value: (desk) => String(formatHere(desk).size),
  }),
  button('Increase Font Size', resize(1)),
  button('Decrease Font Size', resize(-1)),
  opener('Change Case', 'Change Case menu'),
  button('Clear All Formatting', (desk) => applyText(desk, PLAIN)),
  flagToggle('Bold', 'bold'),
  flagToggle('Italic', 'italic'),
  flagToggle('Underline', 'underline'),
  ...rare('MenuItem', 'More Options'),
  flagToggle('Strikethrough', 'strikethrough'),
  scriptToggle('Subscript', 'subscript'),
  scriptToggle('Superscript', 'superscript'),
  opener('Text Effects and Typography', 'Text Effects menu'),
  control('SplitButton', 'Text Highlight Color', { click: (desk) => applyText(desk, { highlight: 'Yellow' }) }),
  dropDown('Text Highlight Color Options', 'Highlight menu'),
  control('SplitButton', 'Font Color', { click: (desk) => applyText(desk, { color: 'Red' }) }),
  dropDown('Font Color Options', 'Font Color menu'),
  opener('Font...', 'Font dialog'),
  listToggle('Bullets', 'bullets'),
  listToggle('Numbering', 'numbering'),
  ...rare('MenuItem', 'Multilevel List'),
  button('Decrease Indent', indent(-1)),
  button('Increase Indent', indent(1)),
  opener('Sort...', 'Sort Text dialog'),
  toggle(
    'Show/Hide ¶',
    (desk) => desk.document.view.marks,
    (desk) => {
      desk.document.view.marks = !desk.document.view.marks;
    },
  ),
  align('Align Left', 'left'),
  align('Center', 'center'),
  align('Align Right', 'right'),
  align('Justify', 'justify'),
  opener('Line and Paragraph Spacing', 'Line Spacing menu'),
  opener('Shading', 'Shading menu'),
  opener('Borders', 'Borders menu'),
  opener('Paragraph...', 'Paragraph dialog'),
  ...STYLES.map(galleryStyle),
  opener('More Styles', 'Styles menu'),
  ...rare('Button', 'Styles...'),
  opener('Find', 'Find dialog'),
  opener('Replace...', 'Replace dialog'),
  ...rare('Button', 'Select', 'Dictate', 'Editor', 'Add-ins'),
]);

/** Comes up beside selected text and repeats what the Home tab has. */
const miniToolbar = pane(
  'Mini Toolbar',
  [
    flagToggle('Bold', 'bold'),
    flagToggle('Italic', 'italic'),
    flagToggle('Underline', 'underline'),
    button('Increase Font Size', resize(1)),
    button('Decrease Font Size', resize(-1)),
    listToggle('Bullets', 'bullets'),
    listToggle('Numbering', 'numbering'),
  ],
  { visible: (desk) => desk.clutter.miniToolbar && desk.document.selection.type === 'text' && desk.tab !== 'File' },
);

export const home: readonly Surface[] = [homeTab, miniToolbar, ...homeMenus, ...homeDialogs];
