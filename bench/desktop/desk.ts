/** Everything the simulated application holds: the document, and what of the user interface is open. */
import { type Disturbance, UNDISTURBED } from './disturbance.ts';
import type { WordDocument } from './document.ts';
import { cloneDocument } from './document.ts';

/** What the random clutter of one episode shows besides the controls that every window has. Fixed for the episode. */
export type Clutter = {
  /** Rarely used ribbon buttons have room. */
  readonly wideRibbon: boolean;
  /** Styles shown in the ribbon's gallery. */
  readonly numStyles: number;
  /** Colour pickers show their theme colours. */
  readonly themeColors: boolean;
  /** The status bar shows every indicator. */
  readonly fullStatusBar: boolean;
  /** Selecting text brings up the mini toolbar, which repeats controls of the Home tab. */
  readonly miniToolbar: boolean;
  /** Tabs of add-ins. */
  readonly addInTabs: readonly string[];
  /** Items of a side pane, such as the style list; empty when the pane is closed. */
  readonly paneName: string;
  readonly paneItems: readonly string[];
  readonly fileName: string;
  readonly recentFiles: readonly string[];
};

export const NO_CLUTTER: Clutter = {
  wideRibbon: false,
  numStyles: 6,
  themeColors: false,
  fullStatusBar: false,
  miniToolbar: false,
  addInTabs: [],
  paneName: '',
  paneItems: [],
  fileName: 'Document1',
  recentFiles: [],
};

export type UiState = {
  /** The active ribbon tab; `File` is the backstage view. */
  tab: string;
  /** The page that the backstage shows beside its list; empty for none. */
  page: string;
  /** Open menus, the outermost first. */
  menus: string[];
  dialog: string | null;
  /** An inline editor that is open: header, footer, comment or footnote. */
  editor: string | null;
  /** What the fields of the open dialog, page or editor hold. */
  fields: Record<string, string>;
  /** Surfaces whose long list shows its second half. */
  secondHalf: string[];
  /** Word keeps the document from being edited. */
  guard: Disturbance['guard'];
};

const MAX_UNDO = 5;

export class Desk {
  document: WordDocument;
  readonly ui: UiState;
  readonly clutter: Clutter;
  #disturbance: Disturbance = UNDISTURBED;
  readonly #undoStack: WordDocument[] = [];

  constructor(document: WordDocument, clutter: Clutter = NO_CLUTTER) {
    this.document = document;
    this.clutter = clutter;
    this.ui = {
      tab: 'Home',
      page: '',
      menus: [],
      dialog: null,
      editor: null,
      fields: {},
      secondHalf: [],
      guard: '',
    };
  }

  get disturbance(): Disturbance {
    return this.#disturbance;
  }

  /** Makes the window as unruly as `disturbance` says. */
  disturb(disturbance: Disturbance): void {
    this.#disturbance = disturbance;
    this.ui.guard = disturbance.guard;
  }

  /** Edits the document so that it can be undone. */
  change(edit: (document: WordDocument) => void): void {
    this.#undoStack.push(cloneDocument(this.document));
    if (this.#undoStack.length > MAX_UNDO) this.#undoStack.shift();
    edit(this.document);
  }

  get canUndo(): boolean {
    return this.#undoStack.length > 0;
  }

  /** Takes the last edit back. The view and the files already written stay as they are, as in Word. */
  undo(): void {
    const previous = this.#undoStack.pop();
    if (!previous) return;
    const { view, file } = this.document;
    this.document = { ...previous, view, file };
  }

  /** The active tab; a tab that came with a selection goes with it. */
  get tab(): string {
    const isContextual = CONTEXTUAL_TABS.includes(this.ui.tab);
    return isContextual && this.document.selection.type !== 'table' ? 'Home' : this.ui.tab;
  }

  field(name: string): string {
    return this.ui.fields[name] ?? '';
  }

  isOn(name: string): boolean {
    return this.ui.fields[name] === 'true';
  }
}

/** Tabs that are there only while a table is selected. */
export const CONTEXTUAL_TABS: readonly string[] = ['Table Design', 'Table Layout'];
