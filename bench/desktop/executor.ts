/** Runs one function call of an agent on a desk, as UFO's tool servers run it on Word, with the errors they give. */
import type { Args } from '../../src/runtime/types.ts';
import type { Desk } from './desk.ts';
import { createTable, documentText } from './document.ts';
import { formatText, selectText } from './editing.ts';
import { pressKeys } from './keys.ts';
import type { Observation } from './observe.ts';
import { type Placed, surfaceNamed } from './ui/catalog.ts';
import type { Surface } from './ui/surface.ts';
import { isUsable, modalSurface } from './ui/visible.ts';

export type Call = {
  readonly function: string;
  readonly args: Args;
  /** Empty for a function that needs no control. */
  readonly controlId: string;
  readonly controlName: string;
};

export type Outcome =
  | { readonly status: 'success'; readonly error: ''; readonly result: string }
  | { readonly status: 'failure'; readonly error: string; readonly result: '' };

/** An error that the agent is told; anything else thrown is a bug of the simulation. */
class CallError extends Error {}

type Handler = (desk: Desk, args: Args, target: Placed | null) => string;

/** Runs `call`; the ids in it are those of `observation`. */
export function execute(desk: Desk, observation: Observation, call: Call): Outcome {
  try {
    const handler = HANDLERS[call.function];
    if (!handler) throw new CallError(`Function '${call.function}' is not available.`);
    const target = call.controlId === '' ? null : resolveTarget(desk, observation, call);
    return { status: 'success', error: '', result: handler(desk, call.args, target) };
  } catch (thrown) {
    if (thrown instanceof CallError) return { status: 'failure', error: thrown.message, result: '' };
    throw thrown;
  }
}

function resolveTarget(desk: Desk, observation: Observation, call: Call): Placed {
  const index = observation.controls.findIndex((control) => control.id === call.controlId);
  const control = observation.controls[index];
  const placed = observation.placed[index];
  if (!control || !placed) throw new CallError(`Control with id '${call.controlId}' not found.`);
  if (control.name !== call.controlName) {
    throw new CallError(`Control with id '${control.id}' is not named '${call.controlName}'.`);
  }
  if (control.enabled === false) throw new CallError(`Control '${control.name}' is not enabled.`);
  const modal = modalSurface(desk);
  if (modal && !isUsable(placed.surface, modal)) {
    throw new CallError(`Control '${control.name}' is covered by ${modal.name}.`);
  }
  return placed;
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  click_input: (desk, args, target) => {
    const placed = required(target);
    if ((args['button'] ?? 'left') === 'left') clickControl(desk, placed);
    return `Clicked ${placed.spec.name}.`;
  },
  set_edit_text: (desk, args, target) => {
    const { spec } = required(target);
    if (!spec.fill) throw new CallError(`Control '${spec.name}' does not take text.`);
    refuseWhileGuarded(desk);
    const before = args['clear_current_text'] === true ? '' : (spec.value?.(desk) ?? '');
    desk.ui.menus = [];
    spec.fill(desk, before + textArg(args, 'text'));
    return `Text set to '${textArg(args, 'text')}'.`;
  },
  keyboard_input: (desk, args, target) => {
    refuseWhileGuarded(desk);
    const known = pressKeys(desk, textArg(args, 'keys'), target);
    if (!known) throw new CallError(`Keys '${textArg(args, 'keys')}' are not understood.`);
    return 'Keys sent.';
  },
  wheel_mouse_input: (desk, args, target) => {
    const placed = required(target);
    placed.spec.wheel?.(desk, Number(args['wheel_dist'] ?? 0));
    return 'Scrolled.';
  },
  texts: (desk, _args, target) => {
    const { spec } = required(target);
    if (spec.type === 'Document') return documentText(desk.document);
    if (spec.value) return spec.value(desk);
    if (!LABELS.includes(spec.type)) throw new CallError(`Control '${spec.name}' has no text.`);
    return spec.label?.(desk) ?? spec.name;
  },
  select_text: (desk, args, target) => {
    onDocument(desk, target);
    const text = textArg(args, 'text');
    if (!selectText(desk.document, text)) throw new CallError(`Text '${text}' not found.`);
    return `Text '${text}' is selected.`;
  },
  select_paragraph: (desk, args, target) => {
    onDocument(desk, target);
    const count = desk.document.paragraphs.length;
    const from = Number(args['start_index']);
    const to = Number(args['end_index']) === -1 ? count : Number(args['end_index']);
    if (!(from >= 1 && from <= to && to <= count)) throw new CallError(`Paragraph ${from} to ${to} out of range.`);
    desk.document.selection = { type: 'paragraphs', from: from - 1, to: to - 1 };
    return `Paragraphs ${from} to ${to} are selected.`;
  },
  select_table: (desk, args, target) => {
    onDocument(desk, target);
    const number = Number(args['number']);
    if (!desk.document.tables[number - 1]) throw new CallError(`Table ${number} is out of range.`);
    desk.document.selection = { type: 'table', index: number - 1 };
    return `Table ${number} is selected.`;
  },
  insert_table: (desk, args, target) => {
    onDocument(desk, target);
    refuseWhileGuarded(desk);
    const rows = Number(args['rows']);
    const columns = Number(args['columns']);
    if (!(rows >= 1 && columns >= 1 && columns <= 63)) throw new CallError('The number of rows or columns is invalid.');
    desk.change((d) => d.tables.push(createTable(rows, columns)));
    return `Table with ${rows} rows and ${columns} columns inserted.`;
  },
  set_font: (desk, args, target) => {
    onDocument(desk, target);
    if (desk.document.selection.type === 'none') throw new CallError('Nothing is selected.');
    refuseWhileGuarded(desk);
    const font = args['font_name'] === undefined ? {} : { font: textArg(args, 'font_name') };
    const size = args['font_size'] === undefined ? {} : { size: Number(args['font_size']) };
    desk.change((d) => formatText(d, { ...font, ...size }));
    return 'Font set.';
  },
  save_as: (desk, args) => {
    refuseWhileCovered(desk);
    const ext = textArg(args, 'file_ext') || '.pdf';
    if (!FILE_EXTENSIONS.includes(ext)) throw new CallError(`Extension '${ext}' is not supported.`);
    const name = textArg(args, 'file_name') || desk.clutter.fileName;
    const path = `${textArg(args, 'file_dir')}/${name}${ext}`;
    desk.document.file.copies.push(path);
    return `Saved as ${path}.`;
  },
  summary: (_desk, args) => textArg(args, 'text'),
  wait: (_desk, args) => `Waited ${Number(args['seconds'])} seconds.`,
};

/** Control types whose name is their text. */
const LABELS: readonly string[] = ['Text', 'Button'];

export const FUNCTION_NAMES: readonly string[] = Object.keys(HANDLERS);

/** What Word's save_as takes. */
const FILE_EXTENSIONS = [
  ...['.doc', '.dot', '.txt', '.rtf', '.unicode.txt', '.htm', '.html', '.mht', '.xml'],
  ...['.docx', '.docm', '.dotx', '.dotm', '.pdf', '.xps'],
];

/** A left click: effect, then whatever opens or closes because of it. */
function clickControl(desk: Desk, { spec, surface }: Placed): void {
  const { ui } = desk;
  const menusAbove = surface.kind === 'menu' ? ui.menus.slice(0, ui.menus.indexOf(surface.name) + 1) : [];
  const wasOpen = spec.opens !== undefined && ui.menus.includes(spec.opens);
  if (!spec.keepsOpen) ui.menus = [];
  spec.click?.(desk);
  if (spec.closes) closeSurface(desk, surface.kind);
  // A second click on a menu's own button closes the menu.
  if (spec.opens !== undefined && !wasOpen) openSurface(desk, spec.opens, menusAbove);
}

function closeSurface(desk: Desk, kind: Placed['surface']['kind']): void {
  if (kind === 'dialog') desk.ui.dialog = null;
  if (kind === 'editor') desk.ui.editor = null;
}

/** Opens a surface over `menusAbove`, the menus that led to it. */
export function openSurface(desk: Desk, name: string, menusAbove: readonly string[] = []): void {
  const { ui } = desk;
  const surface = surfaceNamed(name);
  if (surface.kind === 'menu') {
    ui.menus = [...menusAbove, name];
    ui.secondHalf = ui.secondHalf.filter((other) => other !== name);
  } else if (surface.kind === 'dialog') {
    ui.dialog = name;
    resetFields(desk, surface);
  } else if (surface.kind === 'editor') {
    ui.editor = name;
    resetFields(desk, surface);
  } else if (surface.kind === 'page') {
    ui.page = name;
    resetFields(desk, surface);
  } else {
    ui.tab = name;
    ui.page = '';
  }
}

/** Only its own fields: a draft may be open below a dialog. */
function resetFields(desk: Desk, surface: Surface): void {
  for (const { name } of surface.controls) delete desk.ui.fields[name];
  Object.assign(desk.ui.fields, surface.fields?.(desk));
}

function required(target: Placed | null): Placed {
  if (!target) throw new CallError('The function needs a control.');
  return target;
}

/** Word's object model answers only when no modal dialog is open. Selecting or editing closes menus and drafts. */
function onDocument(desk: Desk, target: Placed | null): void {
  if (target?.spec.type !== 'Document') throw new CallError('The function works on the Document control only.');
  desk.ui.menus = [];
  desk.ui.editor = null;
}

function refuseWhileCovered(desk: Desk): void {
  const modal = modalSurface(desk);
  if (modal) throw new CallError(`Call was rejected by callee: ${modal.name} is open.`);
  desk.ui.menus = [];
}

function refuseWhileGuarded(desk: Desk): void {
  if (desk.ui.guard !== '') throw new CallError('This command is not available: the document is protected.');
}

function textArg(args: Args, name: string): string {
  return String(args[name] ?? '');
}
