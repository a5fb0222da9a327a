/**
 * What other versions of Word call a control. A window shows one name only; the agent has to find the control under it. No
 * alias is the name or the alias of another control.
 */

/** By the control's name here. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'File Tab': ['File'],
  Body: ['Page 1 content', 'Document area'],
  Bold: ['Bold (Ctrl+B)'],
  Italic: ['Italic (Ctrl+I)'],
  Underline: ['Underline (Ctrl+U)'],
  Strikethrough: ['Strike Through'],
  'Clear All Formatting': ['Clear Formatting (Home)', 'Remove All Formatting'],
  'Change Case': ['Change Case (Aa)'],
  'Text Highlight Color Options': ['Highlight Color Menu', 'Text Highlight Color, more'],
  'Font Color Options': ['Font Color Menu', 'Font Color, more'],
  'Font...': ['Font Settings'],
  Bullets: ['Bulleted List', 'Bullet Library'],
  Numbering: ['Numbered List', 'Numbering Library'],
  'Increase Indent': ['Indent More'],
  'Decrease Indent': ['Indent Less'],
  'Show/Hide ¶': ['Show/Hide Editing Marks', 'Show All Formatting Marks'],
  'Align Left': ['Left Align'],
  Center: ['Center Text', 'Align Center (Ctrl+E)'],
  'Align Right': ['Right Align'],
  Justify: ['Justify Text'],
  'Line and Paragraph Spacing': ['Line Spacing'],
  'Paragraph...': ['Paragraph Options'],
  'More Styles': ['Styles Gallery, more'],
  'Replace...': ['Replace (Ctrl+H)'],
  'Page Break': ['Insert Page Break'],
  'Blank Page': ['Insert Blank Page'],
  'Cover Page': ['Cover Pages'],
  Header: ['Page Header'],
  Footer: ['Page Footer'],
  'Page Number': ['Page Numbers'],
  Link: ['Add a Hyperlink'],
  'Bookmark...': ['Insert Bookmark'],
  Shapes: ['Insert Shapes'],
  Equation: ['Insert Equation'],
  Symbol: ['Insert Symbol'],
  Watermark: ['Page Watermark'],
  'Page Color': ['Page Background Color'],
  'Page Borders...': ['Borders and Shading (Page)'],
  Margins: ['Page Margins Menu'],
  Orientation: ['Page Orientation Menu'],
  Size: ['Paper Size'],
  Columns: ['Text Columns'],
  Breaks: ['Page and Section Breaks'],
  'Line Numbers': ['Line Numbering'],
  'Table of Contents': ['Contents Table'],
  'Insert Footnote': ['Add Footnote'],
  'Insert Endnote': ['Add Endnote'],
  'New Comment': ['Add Comment'],
  'Track Changes': ['Track Changes (Ctrl+Shift+E)'],
  Accept: ['Accept Changes'],
  Reject: ['Reject Changes'],
  'Navigation Pane': ['Show Navigation Pane'],
  'Zoom...': ['Zoom Settings'],
};

/** True if the control that is called `name` here may appear as `shown`. */
export function isCalled(name: string, shown: string): boolean {
  return name === shown || (ALIASES[name]?.includes(shown) ?? false);
}
