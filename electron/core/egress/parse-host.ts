import { canonicalRule } from '../../../shared/egress/rules.ts';

/** Node's own URL parser, as the runner has it: what the user allows is what is matched there. */
export function parseHost(text: string): string {
  return URL.parse(`http://${text}`)?.hostname ?? '';
}

/** A host as it is kept; undefined for what is none. */
export function hostOfRule(text: string): string | undefined {
  return canonicalRule(text.trim(), parseHost);
}
