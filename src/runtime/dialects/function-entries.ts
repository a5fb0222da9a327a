/** Which of the allowed functions apply where, and at which node of a grammar a control's calls begin. */
import { appliesToType, type FunctionSpec, functionCatalog, typeForFunctions } from '../functions/catalog.ts';
import type { NodeIndex } from '../grammar/grammar.ts';

export class FunctionEntries {
  /** Functions that are called without a control. */
  readonly windowSpecs: readonly FunctionSpec[];
  readonly #specs: readonly FunctionSpec[];
  readonly #build: (specs: readonly FunctionSpec[], controlType: string) => NodeIndex;
  readonly #byType = new Map<string, NodeIndex | undefined>();

  /** `allowed`: names; those that the catalog does not know are passed over. `build` is called once per type that functions tell apart. */
  constructor(allowed: readonly string[], build: (specs: readonly FunctionSpec[], controlType: string) => NodeIndex) {
    this.#specs = [...new Set(allowed)].flatMap((name) => functionCatalog.get(name) ?? []);
    this.windowSpecs = this.#specs.filter((spec) => spec.appliesTo === 'window');
    this.#build = build;
  }

  /** Entry for a control of this type; undefined when no allowed function applies to it. */
  of(controlType: string): NodeIndex | undefined {
    // A client may call its types what it likes: they share what is kept here.
    const type = typeForFunctions(controlType);
    if (!this.#byType.has(type)) {
      const specs = this.#specs.filter((spec) => appliesToType(spec, type));
      this.#byType.set(type, specs.length === 0 ? undefined : this.#build(specs, type));
    }
    return this.#byType.get(type);
  }
}
