import type { AgentVariable } from '../launch/session-env/plan.ts';
import type { Agent, Template, VariableTemplate } from './schema.ts';
import { fillTemplate, mergeTemplates, type Placeholders, templateText } from './template.ts';

/**
 * The variables that an agent's description asks for, with those of the provider. Where both set one name, JSON
 * values are joined and anything else is the provider's.
 */
export function agentVariables(agent: Agent, providerId: string | undefined, values: Placeholders): AgentVariable[] {
  const own = agent.providers.find((provider) => provider.providerId === providerId)?.environment ?? [];
  const byName = new Map<string, VariableTemplate>();
  for (const variable of [...agent.environment, ...own]) {
    const before = byName.get(variable.name);
    const value: Template = before === undefined ? variable.value : mergeTemplates(before.value, variable.value);
    byName.set(variable.name, { ...variable, value });
  }
  return [...byName.values()].flatMap(({ name, value, reason }) => {
    const text = templateText(value, values);
    const source = reason === 'model' ? ('model' as const) : ('agent' as const);
    return text === undefined ? [] : [{ name, value: text, source, reason: `reason.agent-${reason}` }];
  });
}

/** The files that the agent finds in its home. */
export function stateFiles(agent: Agent, values: Placeholders): { path: string; content: string }[] {
  return agent.stateFiles.flatMap(({ path, content }) => {
    const filled = fillTemplate(content, values);
    if (filled === undefined) return [];
    return [{ path, content: typeof filled === 'string' ? filled : `${JSON.stringify(filled, null, 2)}\n` }];
  });
}
