/** Surfaces: the places where controls are shown. Each knows its controls; the catalog works out how to open each. */
import type { Desk } from '../desk.ts';
import type { ControlSpec } from './control.ts';

/**
 * chrome: always there. tab: the ribbon of one tab. backstage: covers the window. page: one of the backstage's pages.
 * menu: a pop-up that the next click closes. dialog: modal. editor: inline text field, not modal. pane: at the side of the
 * document.
 */
export type SurfaceKind = 'chrome' | 'tab' | 'backstage' | 'page' | 'menu' | 'dialog' | 'editor' | 'pane';

export type Surface = {
  readonly name: string;
  readonly kind: SurfaceKind;
  readonly controls: readonly ControlSpec[];
  /** Name of the control that closes it without an effect; dialogs and the backstage have one. */
  readonly dismiss?: string;
  /** Initial values of its fields. */
  readonly fields?: (desk: Desk) => Record<string, string>;
  /** Shown only while this holds; for panes and chrome that follow the state. */
  readonly visible?: (desk: Desk) => boolean;
};

type Extra = Pick<Surface, 'dismiss' | 'fields' | 'visible'>;

const surface =
  (kind: SurfaceKind) =>
  (name: string, controls: readonly ControlSpec[], extra: Extra = {}): Surface => ({ name, kind, controls, ...extra });

export const tab = surface('tab');
export const menu = surface('menu');
export const pane = surface('pane');
export const chrome = surface('chrome');
export const editor = surface('editor');
export const backstage = surface('backstage');
export const page = surface('page');
/** A modal dialog; `dismiss` names its Cancel or Close button. */
export const dialog = (name: string, controls: readonly ControlSpec[], extra: Extra = {}): Surface =>
  surface('dialog')(name, controls, { dismiss: 'Cancel', ...extra });
