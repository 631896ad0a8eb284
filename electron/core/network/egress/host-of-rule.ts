import { canonicalRule } from '../../../../shared/egress/rules.ts';
import { parseHost } from '../../../node/parse-host.ts';

/** A host as it is kept; undefined for what is none. */
export function hostOfRule(text: string): string | undefined {
  return canonicalRule(text.trim(), parseHost);
}
