/** Which rpc a method and a path mean. */
import { invalid } from '../../runtime/index.ts';
import type { HttpRoute, Rpc } from '../rpc.ts';

/** What a path can be asked for. */
export type Match = {
  /** Raw values of the request's fields that the path holds, percent-encoded. */
  readonly params: Readonly<Record<string, string>>;
  /** By HTTP method. */
  readonly rpcs: Partial<Readonly<Record<string, Rpc>>>;
};

type Pattern = { readonly path: string; readonly expression: RegExp; readonly rpcs: Partial<Record<string, Rpc>> };

export class Routes {
  /** Paths without parameters: nearly all requests. */
  readonly #fixed = new Map<string, Match>();
  readonly #patterns: readonly Pattern[];

  constructor(rpcs: readonly Rpc[]) {
    const byPath = new Map<string, Partial<Record<string, Rpc>>>();
    for (const rpc of rpcs) {
      if (rpc.http === undefined) continue;
      const { method, path } = rpc.http;
      byPath.set(path, { ...byPath.get(path), [method]: rpc });
    }
    const patterns: Pattern[] = [];
    for (const [path, found] of byPath) {
      if (path.includes('{')) patterns.push({ path, expression: expressionOf(path), rpcs: found });
      else this.#fixed.set(path, { params: {}, rpcs: found });
    }
    // The longer template first: `/v1/episodes/{id}:end` is no episode called `x:end`.
    this.#patterns = patterns.sort((a, b) => b.path.length - a.path.length);
  }

  /** `path` as it was sent, without the query. */
  find(path: string): Match | undefined {
    const fixed = this.#fixed.get(path);
    if (fixed !== undefined) return fixed;
    for (const { expression, rpcs } of this.#patterns) {
      const match = expression.exec(path);
      if (match !== null) return { params: match.groups ?? {}, rpcs };
    }
    return undefined;
  }
}

/** The request with the fields of its path. Throws `invalid_request` for a field that the body has differently. */
export function withParams(message: object, params: Match['params']): object {
  const fields = message as Record<string, unknown>;
  for (const [name, raw] of Object.entries(params)) {
    const value = decode(name, raw);
    if ((fields[name] ?? value) !== value) throw invalid(name, 'not what the path says');
    fields[name] = value;
  }
  return message;
}

function decode(name: string, raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    // The only way to fail.
    throw invalid(name, 'a percent sign without two hexadecimal digits, or bytes that are not UTF-8');
  }
}

/** `{name}` is a part of one segment that is not empty. */
function expressionOf(template: HttpRoute['path']): RegExp {
  const source = template.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? part.replace(/[.*+?^$()[\]\\|]/g, '\\$&') : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${source.join('')}$`);
}
