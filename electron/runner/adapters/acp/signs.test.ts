import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureSigns } from '../../../../shared/runner-protocol/protocol.ts';
import { repository } from '../../testing/session-params.ts';
import { compileSigns } from './signs.ts';

const folder = join(repository, 'resources/agents');
const agents = readdirSync(folder).map((name) => {
  const { failureSigns } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { failureSigns: FailureSigns };
  return { name, failureSigns };
});

/** Beginnings of errors that go on as none: what makes a careless pattern try every way there is. */
const CRUEL = [
  'stream disconnected before completion: '.repeat(250),
  'unexpected status 401 ',
  'API Error: ',
  '[API Error: ',
  'Invalid API key',
  'Request failed: ',
].flatMap((start) =>
  [' ', '] ', '\t'].map((filling) => `${start}${filling.repeat(9000).slice(0, 9000)}\nno, all is well`),
);

describe('the signs of the agents that come with Perch', () => {
  it.each(agents)('$name: no text of an agent holds the runner up', ({ failureSigns }) => {
    const { isErrorText, mayBecomeErrorText, isAuthenticationText, isRemark } = compileSigns(failureSigns);
    // A pattern that backtracks without end shows as the time limit of this test.
    for (const text of CRUEL) for (const test of [isErrorText, isAuthenticationText, isRemark]) test(text);
    for (const text of CRUEL) mayBecomeErrorText(text.slice(0, 4000));
    expect(isErrorText('no, all is well')).toBe(false);
  });

  it('know an error with space around it', () => {
    const signs = compileSigns(agents.find(({ name }) => name === 'codex.json')?.failureSigns as FailureSigns);
    expect(signs.isErrorText('\n stream disconnected before completion: no route to host \n')).toBe(true);
    expect(signs.isErrorText('stream disconnected before completion: no route\nI tried again and it works.')).toBe(
      false,
    );
  });
});
