/** Configuration keys of the policy. */
import { string } from '../config-key.ts';

export const POLICY_KEYS = {
  policyFile: string(
    '',
    'YAML file of rules on which actions are allowed, confirmed or denied; empty: the built-in policy',
  ),
} as const;
