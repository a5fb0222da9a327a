/** The policy in force: the built-in one, or a file's, which can be read anew while requests are under way. */
import { readFileSync } from 'node:fs';
import { DEFAULT_POLICY } from './default-policy.ts';
import { Policy } from './policy.ts';
import { PolicyError, parsePolicyFile } from './policy-file.ts';

export class PolicyStore {
  readonly #path: string;
  #policy: Policy;

  /** An empty path: the built-in policy. Throws {@link PolicyError} if the file is not acceptable. */
  constructor(path = '') {
    this.#path = path;
    this.#policy = read(path);
  }

  get policy(): Policy {
    return this.#policy;
  }

  /** Reads the file again. Throws {@link PolicyError} if it is not acceptable; the policy in force stays then. */
  reload(): void {
    this.#policy = read(this.#path);
  }
}

function read(path: string): Policy {
  if (path === '') return new Policy(DEFAULT_POLICY);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PolicyError([`${path}: ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
  try {
    return new Policy(parsePolicyFile(text));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyError(error.problems.map((problem) => `${path}: ${problem}`));
  }
}
