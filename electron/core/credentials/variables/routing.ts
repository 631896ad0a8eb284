import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type IsRouting, routingOf } from '../../../../shared/variables/routing.ts';

/** The part of an agent's description that names its variables. */
interface AgentVariables {
  readonly environment: readonly DescribedVariable[];
  readonly providers: readonly { readonly environment: readonly DescribedVariable[] }[];
}

interface DescribedVariable {
  readonly name: string;
  readonly reason: string;
}

const fileSchema = z.object({ about: z.string(), names: z.array(z.string().regex(/^[A-Z0-9_*]+$/)) });

/**
 * Reads `routing-variables.json` of the resources folder; what the agents' descriptions route with belongs to it.
 * @throws Error for a broken installation
 */
export function loadRouting(resourcesDir: string, agents: readonly AgentVariables[]): IsRouting {
  const file = join(resourcesDir, 'routing-variables.json');
  const { names } = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const ofAgents = agents
    .flatMap(({ environment, providers }) => [...environment, ...providers.flatMap((one) => one.environment)])
    .filter(({ reason }) => reason === 'routing' || reason === 'model')
    .map(({ name }) => name);
  return routingOf([...names, ...ofAgents]);
}
