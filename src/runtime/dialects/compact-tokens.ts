/** Special tokens of the compact dialect, in the order of their ids. */

export const PAD = '<|pad|>';
export const BOS = '<|bos|>';
export const END = '<|end|>';
export const TASK = '<|task|>';
export const APP = '<|app|>';
/** Before all controls, and before the number of a related one. */
export const CONTROLS = '<|controls|>';
export const PLAN = '<|plan|>';
export const HISTORY = '<|history|>';
export const ACT = '<|act|>';
/** In place of a control's name: the function needs none. */
export const WINDOW = '<|window|>';
/** Before the number of a literal; between a name and its ordinal, for the second and later controls of that name. */
export const NTH = '<|nth|>';
export const FN = '<|fn|>';
export const ARG = '<|arg|>';
export const EQ = '<|eq|>';
export const STATUS = '<|st|>';
export const OK = '<|ok|>';
export const FAILED = '<|failed|>';
export const ON = '<|on|>';
export const OFF = '<|off|>';

const CONTROL_TYPES = [
  'Button',
  'Edit',
  'TabItem',
  'Document',
  'ListItem',
  'MenuItem',
  'ScrollBar',
  'TreeItem',
  'Hyperlink',
  'ComboBox',
  'RadioButton',
  'Spinner',
  'CheckBox',
  'Group',
  'Text',
  'DataItem',
  'Window',
  'Pane',
  'SplitButton',
  'Slider',
] as const;
const CUSTOM = '<|T:Custom|>';
/** Names that are made once: each control of a request needs one. */
const TYPE_TOKENS: ReadonlyMap<string, string> = new Map(CONTROL_TYPES.map((type) => [type, `<|T:${type}|>`]));

/** The token of a control type; types that UI Automation has and this list has not share one. */
export function typeToken(controlType: string): string {
  return TYPE_TOKENS.get(controlType) ?? CUSTOM;
}

/** All of them; a tokenizer for this dialect gives the first the id 0, and so on. */
export const SPECIAL_TOKENS: readonly string[] = [
  ...[PAD, BOS, END, TASK, APP, CONTROLS, PLAN, HISTORY, ACT, WINDOW, NTH, FN, ARG, EQ, STATUS, OK, FAILED, ON, OFF],
  ...[...CONTROL_TYPES, 'Custom'].map(typeToken),
];
