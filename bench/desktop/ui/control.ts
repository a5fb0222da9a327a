/** Controls as declarative data, and short builders for them. A control is declared once, where it is shown. */
import type { Desk } from '../desk.ts';

export type ControlType =
  | 'Button'
  | 'Edit'
  | 'TabItem'
  | 'Document'
  | 'ListItem'
  | 'MenuItem'
  | 'ScrollBar'
  | 'TreeItem'
  | 'Hyperlink'
  | 'ComboBox'
  | 'RadioButton'
  | 'Spinner'
  | 'CheckBox'
  | 'Group'
  | 'Text'
  | 'SplitButton'
  | 'Slider';

export type ControlSpec = {
  /** Accessible name; unique within its surface. */
  readonly name: string;
  readonly type: ControlType;
  /** What the agent sees instead of `name`, for names that follow the document. */
  readonly label?: (desk: Desk) => string;
  readonly click?: (desk: Desk) => void;
  /** Present on controls that hold text. */
  readonly fill?: (desk: Desk, text: string) => void;
  readonly value?: (desk: Desk) => string;
  readonly wheel?: (desk: Desk, notches: number) => void;
  readonly selected?: (desk: Desk) => boolean;
  readonly enabled?: (desk: Desk) => boolean;
  /** Absent: always shown while its surface is. */
  readonly shown?: (desk: Desk) => boolean;
  /** Surface that a click opens. */
  readonly opens?: string;
  /** A click closes the surface it is on. */
  readonly closes?: boolean;
  /** A click leaves the menu it is on open. */
  readonly keepsOpen?: boolean;
  /** Cannot be undone once clicked: a person has to confirm it. */
  readonly sensitive?: boolean;
};

export type Options = Partial<Omit<ControlSpec, 'name' | 'type'>>;
type Click = (desk: Desk) => void;

export const control = (type: ControlType, name: string, options: Options = {}): ControlSpec => ({
  name,
  type,
  ...options,
});
export const button = (name: string, click: Click, options: Options = {}): ControlSpec =>
  control('Button', name, { click, ...options });
export const menuItem = (name: string, click: Click, options: Options = {}): ControlSpec =>
  control('MenuItem', name, { click, ...options });
export const listItem = (name: string, click: Click, options: Options = {}): ControlSpec =>
  control('ListItem', name, { click, ...options });
/** A button that shows a state: pressed or not. */
export const toggle = (name: string, selected: (desk: Desk) => boolean, click: Click): ControlSpec =>
  control('Button', name, { selected, click });
/** A button with a menu or dialog behind it. */
export const opener = (name: string, opens: string, options: Options = {}): ControlSpec =>
  control('Button', name, { opens, ...options });
/** The drop-down half of a split button. */
export const dropDown = (name: string, opens: string): ControlSpec => control('MenuItem', name, { opens });
/** Something that the simulation shows but that does nothing. */
export const inert = (type: ControlType, ...names: string[]): ControlSpec[] => names.map((name) => control(type, name));
/** Inert, and only where the window is wide. */
export const rare = (type: ControlType, ...names: string[]): ControlSpec[] =>
  names.map((name) => control(type, name, { shown: (desk) => desk.clutter.wideRibbon }));

const setField = (desk: Desk, name: string, value: string): void => {
  desk.ui.fields[name] = value;
};
/** A text field of a dialog or inline editor; its value lives in the ui state until the surface is committed. */
export const field = (name: string, type: 'Edit' | 'ComboBox' | 'Spinner' = 'Edit'): ControlSpec =>
  control(type, name, {
    fill: (desk, text) => setField(desk, name, text),
    value: (desk) => desk.field(name),
  });
export const checkBox = (name: string): ControlSpec =>
  control('CheckBox', name, {
    selected: (desk) => desk.isOn(name),
    click: (desk) => setField(desk, name, String(!desk.isOn(name))),
  });
/** One of several; `group` is the field that holds the chosen name. */
export const choice = (group: string, name: string, type: 'RadioButton' | 'ListItem' = 'RadioButton'): ControlSpec =>
  control(type, name, {
    selected: (desk) => desk.field(group) === name,
    click: (desk) => setField(desk, group, name),
  });
/** A button whose effect cannot be undone. */
export const sensitive = (name: string, click: Click, options: Options = {}): ControlSpec =>
  control('Button', name, { click, sensitive: true, ...options });
/** Closes the dialog after `commit`. */
export const closing = (name: string, commit: Click = () => {}): ControlSpec =>
  control('Button', name, { click: commit, closes: true });
