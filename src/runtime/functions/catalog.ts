/** The UI functions an action may call: arguments, defaults and the control types they apply to. Data only. */

export type ArgSpec = { readonly name: string; readonly required: boolean } & (
  | {
      readonly type: 'string';
      readonly default?: string;
      /**
       * Which literals of the task can be the value. quoted: what the task quotes, if it quotes anything; path: what has a
       * slash in it; name: what has none. Absent: any.
       */
      readonly literal?: 'quoted' | 'path' | 'name';
    }
  | { readonly type: 'boolean'; readonly default: boolean }
  | { readonly type: 'enum'; readonly values: readonly string[]; readonly default: string }
  | {
      readonly type: 'number';
      readonly min: number;
      readonly max: number;
      /** 0: an integer. */
      readonly maxDecimals: number;
      readonly default?: number;
    }
);

export type FunctionSpec = {
  readonly name: string;
  /** What it does, for a model or a person who has never seen it. */
  readonly description: string;
  /** Control types it applies to; `any`; or `window`, when it is called without a control. */
  readonly appliesTo: 'any' | 'window' | readonly string[];
  /** Required arguments first. */
  readonly args: readonly ArgSpec[];
};

const text = (name: string): ArgSpec => ({ name, required: true, type: 'string' });
const optionalText = (name: string): ArgSpec => ({ name, required: false, type: 'string' });
const flag = (name: string, byDefault: boolean): ArgSpec => ({
  name,
  required: false,
  type: 'boolean',
  default: byDefault,
});
const whole = (name: string, min: number, max: number): ArgSpec => ({
  name,
  required: true,
  type: 'number',
  min,
  max,
  maxDecimals: 0,
});
/** A position as a share of the application window's width or height. */
const fraction = (name: string): ArgSpec => ({ name, required: true, type: 'number', min: 0, max: 1, maxDecimals: 4 });
const button = (...values: string[]): ArgSpec => ({
  name: 'button',
  required: false,
  type: 'enum',
  values,
  default: 'left',
});

/**
 * Names, arguments and defaults as UFO's UI and Word tool servers define them (microsoft/UFO,
 * ufo/client/mcp/local_servers). Word's functions are called on the Document control.
 */
const FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'click_input',
    description: 'clicks the control',
    appliesTo: 'any',
    args: [button('left', 'right', 'middle', 'x'), flag('double', false)],
  },
  {
    name: 'set_edit_text',
    description: 'types text into the control, behind what is there unless that is cleared',
    appliesTo: ['Edit', 'ComboBox', 'Spinner', 'Document'],
    args: [text('text'), flag('clear_current_text', false)],
  },
  {
    name: 'keyboard_input',
    description: 'presses keys, written as text, {ENTER}, {TAB 2} or {VK_CONTROL}c',
    appliesTo: 'any',
    args: [text('keys'), flag('control_focus', true)],
  },
  {
    name: 'wheel_mouse_input',
    description: 'turns the mouse wheel over the control, up if positive',
    appliesTo: 'any',
    args: [{ name: 'wheel_dist', required: false, type: 'number', min: -100, max: 100, maxDecimals: 0, default: 0 }],
  },
  // UFO documents it for fields; a label or a status bar's button answers with its name, which is how a count is read out.
  {
    name: 'texts',
    description: "reads the control's text",
    appliesTo: ['Edit', 'Document', 'Text', 'Button'],
    args: [],
  },
  {
    name: 'select_text',
    description: 'selects the first place that says this text',
    appliesTo: ['Document'],
    args: [{ name: 'text', required: true, type: 'string', literal: 'quoted' }],
  },
  {
    name: 'select_table',
    description: 'selects a table, counted from 1',
    appliesTo: ['Document'],
    args: [whole('number', 1, 10_000)],
  },
  {
    name: 'select_paragraph',
    description: 'selects paragraphs, counted from 1; -1 is the last',
    appliesTo: ['Document'],
    args: [whole('start_index', 1, 100_000), whole('end_index', -1, 100_000), flag('non_empty', true)],
  },
  {
    name: 'insert_table',
    description: 'inserts an empty table at the cursor',
    appliesTo: ['Document'],
    args: [whole('rows', 1, 1_000), whole('columns', 1, 63)],
  },
  {
    name: 'set_font',
    description: 'sets name or size of the selected text',
    appliesTo: ['Document'],
    args: [
      optionalText('font_name'),
      { name: 'font_size', required: false, type: 'number', min: 1, max: 1638, maxDecimals: 1 },
    ],
  },
  {
    name: 'save_as',
    description: 'saves the document under a name, in a folder, as a type',
    appliesTo: 'window',
    args: [
      { name: 'file_dir', required: false, type: 'string', literal: 'path' },
      { name: 'file_name', required: false, type: 'string', literal: 'name' },
      optionalText('file_ext'),
    ],
  },
  {
    name: 'click_on_coordinates',
    description: "clicks at a place, in shares of the window's width and height",
    appliesTo: 'window',
    args: [fraction('x'), fraction('y'), button('left', 'right', 'middle'), flag('double', false)],
  },
  {
    name: 'drag_on_coordinates',
    description: "drags from place to place, in shares of the window's width and height",
    appliesTo: 'window',
    args: [
      fraction('start_x'),
      fraction('start_y'),
      fraction('end_x'),
      fraction('end_y'),
      button('left', 'right', 'middle'),
      { name: 'duration', required: false, type: 'number', min: 0, max: 60, maxDecimals: 2, default: 1 },
      optionalText('key_hold'),
    ],
  },
  {
    name: 'summary',
    description: 'says what was found, without doing anything',
    appliesTo: 'window',
    args: [text('text')],
  },
  {
    name: 'wait',
    description: 'waits for the application',
    appliesTo: 'window',
    args: [{ name: 'seconds', required: true, type: 'number', min: 0, max: 300, maxDecimals: 2 }],
  },
];

/** Every function by name. */
export const functionCatalog: ReadonlyMap<string, FunctionSpec> = new Map(FUNCTIONS.map((spec) => [spec.name, spec]));

/** What UFO offers in every application. */
const UI_FUNCTIONS = [
  'click_input',
  'set_edit_text',
  'keyboard_input',
  'wheel_mouse_input',
  'texts',
  'summary',
  'wait',
] as const;
const WORD_FUNCTIONS = [
  ...UI_FUNCTIONS,
  'select_text',
  'select_table',
  'select_paragraph',
  'insert_table',
  'set_font',
  'save_as',
] as const;

/** The functions that an application offers when the request does not say; by process name, case-insensitive. */
export function defaultFunctions(processName: string): readonly string[] {
  return processName.toUpperCase() === 'WINWORD.EXE' ? WORD_FUNCTIONS : UI_FUNCTIONS;
}

/** True if `spec` can be called on a control of this type. */
export function appliesToType(spec: FunctionSpec, controlType: string): boolean {
  if (spec.appliesTo === 'window') return false;
  return spec.appliesTo === 'any' || spec.appliesTo.includes(controlType);
}

const TOLD_APART: ReadonlySet<string> = new Set(
  [...functionCatalog.values()].flatMap(({ appliesTo }) => (typeof appliesTo === 'string' ? [] : appliesTo)),
);

/** The type itself where some function applies to it and not to others; the empty text for all others, which are alike. */
export function typeForFunctions(controlType: string): string {
  return TOLD_APART.has(controlType) ? controlType : '';
}
