/** Which agent was seen to work with which provider, from the registry and from what the end-to-end tests reported. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The annotation of a test that has an agent answer through a provider: `PROVIDER AGENT`. */
export const PAIR = 'provider-agent';

/** Every provider with every agent that can use it; `agentId` is undefined where none can. */
export function pairsIn(resources) {
  const namesIn = (folder) => readdirSync(join(resources, folder)).filter((file) => file.endsWith('.json'));
  const agents = namesIn('agents').map((file) => JSON.parse(readFileSync(join(resources, 'agents', file), 'utf8')));
  // A provider's id is the name of its file.
  const providerIds = namesIn('providers').map((file) => basename(file, '.json'));
  return providerIds.sort().flatMap((providerId) => {
    const able = agents.filter(({ providers = [] }) => providers.some((one) => one.providerId === providerId));
    if (able.length === 0) return [{ providerId, agentId: undefined }];
    return able.map(({ agentId }) => ({ providerId, agentId }));
  });
}

/**
 * A pair is `passed` or `failed` by tests that ran; anything else is `not run`, with the reason. `playwright`: its JSON
 * report, undefined when there is none.
 */
export function matrixOf(pairs, playwright) {
  const tests = (playwright?.suites ?? []).flatMap(testsIn);
  return pairs.map(({ providerId, agentId }) => {
    if (agentId === undefined) return { providerId, result: 'not run', reason: 'no agent that Perch knows can use it' };
    const own = tests.filter(({ annotations }) => annotations.some((one) => isOf(one, providerId, agentId)));
    return { providerId, agentId, ...resultOf(own, playwright === undefined) };
  });
}

function resultOf(tests, isUnreported) {
  const ran = tests.filter(({ status }) => status !== 'skipped');
  if (ran.length > 0) return { result: ran.every(({ status }) => status === 'expected') ? 'passed' : 'failed' };
  const skip = tests.flatMap(({ annotations }) => annotations).find(({ type }) => type === 'skip');
  const missing = isUnreported ? 'the end-to-end tests left no report' : 'no test ran it';
  return { result: 'not run', reason: skip?.description ?? missing };
}

function testsIn({ suites = [], specs = [] }) {
  return [...suites.flatMap(testsIn), ...specs.flatMap(({ tests }) => tests)];
}

function isOf({ type, description }, providerId, agentId) {
  return type === PAIR && description === `${providerId} ${agentId}`;
}

/** For people: a line for each pair. */
export function matrixLines(rows) {
  const widths = ['providerId', 'agentId'].map((key) => Math.max(...rows.map((row) => (row[key] ?? '-').length)));
  return rows.map(({ providerId, agentId = '-', result, reason }) => {
    const columns = [providerId.padEnd(widths[0]), agentId.padEnd(widths[1]), result];
    return columns.join('  ') + (reason === undefined ? '' : `: ${reason}`);
  });
}
