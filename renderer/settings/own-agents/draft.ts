import {
  type AgentDefinition,
  type AgentRuns,
  agentDefinitionSchema,
  commandOf,
} from '../../../shared/model/agent-definition.ts';
import { joinWords, splitWords } from './words.ts';

/** A form's fields, as they are typed. */
export interface Draft {
  /** Empty: made from the name. */
  readonly agentId: string;
  readonly name: string;
  readonly description: string;
  readonly kind: AgentRuns['kind'];
  /** The package of the agent, which the form does not change. */
  readonly package?: Extract<AgentRuns, { kind: 'package' }>;
  readonly command: string;
  readonly base: string;
  /** Empty: none of its own. */
  readonly providerId: string;
  readonly model: string;
  /** A line each: NAME=VALUE. */
  readonly variables: string;
}

export const EMPTY_DRAFT: Draft = {
  agentId: '',
  name: '',
  description: '',
  kind: 'program',
  command: '',
  base: '',
  providerId: '',
  model: '',
  variables: '',
};

export function draftOf({ agentId, name, description, runs, providerId, model, variables }: AgentDefinition): Draft {
  return {
    agentId,
    name,
    description,
    kind: runs.kind,
    ...(runs.kind === 'package' ? { package: runs } : {}),
    command: joinWords(commandOf(runs) ?? []),
    base: runs.kind === 'variant' ? runs.of : '',
    providerId: providerId ?? '',
    model,
    variables: Object.entries(variables)
      .map(([variable, value]) => `${variable}=${value}`)
      .join('\n'),
  };
}

/** Lower-case words joined by hyphens; empty when the name has none of these. */
export function idFromName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
}

/** The field that is not right yet: the sentence is the key `ownAgent.problem.<field>`. */
type DraftProblem = 'name' | 'agentId' | 'command' | 'base' | 'variables';

export function definitionOf(draft: Draft): { definition: AgentDefinition } | { problem: DraftProblem } {
  const { name, description, kind, base, providerId, model } = draft;
  if (name.trim() === '') return { problem: 'name' };
  const command = splitWords(draft.command);
  if (kind !== 'variant' && draft.package === undefined && (command === undefined || command.length === 0))
    return { problem: 'command' };
  if (kind === 'variant' && base === '') return { problem: 'base' };
  const variables = variablesOf(draft.variables);
  if (variables === undefined) return { problem: 'variables' };
  const parsed = agentDefinitionSchema.safeParse({
    agentId: draft.agentId.trim() || idFromName(name),
    name,
    description,
    runs: draft.package ?? (kind === 'variant' ? { kind, of: base } : { kind, command }),
    ...(providerId === '' ? {} : { providerId }),
    // A program in a terminal gets no model.
    model: kind === 'terminal' ? '' : model,
    variables,
  });
  if (parsed.success) return { definition: parsed.data };
  const [field] = parsed.error.issues[0]?.path ?? [];
  return { problem: field === 'variables' ? 'variables' : field === 'runs' ? 'command' : 'agentId' };
}

function variablesOf(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1)];
  });
  return entries.some(([name]) => name === '') ? undefined : Object.fromEntries(entries);
}
