/** Owns what a constructor has made so far, so that a failure half-way releases all of it. (DisposableStack is not in Node 20.) */
export class ResourceStack implements Disposable {
  #resources: Disposable[] = [];

  /** Takes ownership, and returns the resource. */
  use<T extends Disposable>(resource: T): T {
    this.#resources.push(resource);
    return resource;
  }

  /** Hands everything over to a new stack; disposing of this one then releases nothing. */
  move(): ResourceStack {
    const moved = new ResourceStack();
    moved.#resources = this.#resources;
    this.#resources = [];
    return moved;
  }

  /** Releases in the opposite order of `use`. A second call releases nothing. */
  [Symbol.dispose](): void {
    for (let resource = this.#resources.pop(); resource !== undefined; resource = this.#resources.pop()) {
      resource[Symbol.dispose]();
    }
  }
}
