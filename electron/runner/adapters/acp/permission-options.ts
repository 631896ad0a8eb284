import type { RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { AskedPermission } from './permission-request.ts';

/** An answer that chooses none of the options is a no as well. */
export function wasDeclined(
  { options }: Pick<AskedPermission, 'options'>,
  { outcome }: RequestPermissionResponse,
): boolean {
  if (outcome.outcome !== 'selected') return true;
  return options.find(({ optionId }) => optionId === outcome.optionId)?.kind.startsWith('reject') === true;
}

/** The option that says yes, once rather than always; undefined when there is none. */
export function allowingOption({ options }: Pick<AskedPermission, 'options'>): string | undefined {
  const byKind = (kind: string) => options.find((option) => option.kind === kind)?.optionId;
  return byKind('allow_once') ?? byKind('allow_always');
}
