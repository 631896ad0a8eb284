import { expect, test } from 'vitest';
import { applicationMenu } from './application-menu.ts';

test.each([
  ['linux', false, null],
  ['win32', false, null],
  ['linux', true, ['viewMenu']],
  ['darwin', false, ['appMenu', 'editMenu', 'windowMenu']],
  ['darwin', true, ['appMenu', 'editMenu', 'windowMenu', 'viewMenu']],
] as const)('%s, developer tools %s', (platform, developerTools, roles) => {
  expect(applicationMenu({ platform, developerTools })?.map(({ role }) => role) ?? null).toEqual(roles);
});
