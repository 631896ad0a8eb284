import { expect, test } from 'vitest';
import { createOwnLogins } from './own-logins.ts';

test('every sign-in and sign-out is counted, each for its own agent; a question is none', async () => {
  const logins = createOwnLogins({
    agents: [{ agentId: 'a' }, { agentId: 'b' }],
    stateDirectory: (agentId) => `/nowhere/${agentId}`,
  });
  logins.askThrough(async () => ({ output: '', exitCode: 0 }));
  expect(logins.signIns('a')).toBe(0);
  await logins.signedIn('a');
  await logins.check('a');
  logins.signOut('a');
  expect([logins.signIns('a'), logins.signIns('b')]).toEqual([2, 0]);
});
