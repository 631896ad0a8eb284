import { resolve } from 'node:path';
import type { Scope } from '../../../shared/model/credential.ts';
import { agentIdSchema } from '../../../shared/model/ids.ts';

/** `global`, `project`, `project:DIR` or `agent:ID`; undefined for anything else. */
export function parseScope(text: string, cwd: string): Scope | undefined {
  const [kind = '', ...rest] = text.split(':');
  const detail = rest.join(':');
  if (text === 'global') return { kind: 'global' };
  if (text === 'project') return { kind: 'project', projectDir: cwd };
  if (kind === 'project' && detail !== '') return { kind: 'project', projectDir: resolve(cwd, detail) };
  if (kind === 'agent' && agentIdSchema.safeParse(detail).success) return { kind: 'agent', agentId: detail };
  return undefined;
}
