import { expect, test } from 'vitest';
import type { NetworkView } from '../../../shared/model/network.ts';
import { commandLine } from '../testing/command-line.ts';

const NETWORK: NetworkView = {
  proxy: { url: 'http://proxy.example.com:3128', userName: 'ada', password: 'keychain', exceptions: ['*.internal'] },
  certificates: { file: '/etc/ca.pem', found: [{ subject: 'Corporate Root', expiresAt: Date.UTC(2030, 0, 2) }] },
};
const handlers = {
  'network.get': async () => ({ network: NETWORK }),
  'network.setProxy': async () => ({ network: NETWORK }),
  'network.removeProxy': async () => ({ network: {} }),
  'network.detect': async () => ({
    shell: '/bin/zsh',
    proxy: { url: 'http://proxy:3128', userName: 'ada', hasPassword: true, exceptions: ['10.0.0.0/8'] },
  }),
};

test('how this machine gets out', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('network', 'show')).toBe(0);
  expect(await cli.out()).toBe(
    [
      'proxy: http://proxy.example.com:3128',
      'user name: ada, password in the keychain',
      'without the proxy: *.internal',
      'certificates: /etc/ca.pem',
      '  Corporate Root, valid until 2030-01-02',
      '',
    ].join('\n'),
  );
});

test('without anything in between that is said', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('network', 'proxy', 'remove')).toBe(0);
  expect(await cli.out()).toContain('no proxy');
});

test('the password comes from stdin and is in no answer', async () => {
  const cli = commandLine({ handlers, input: 'a secret\n' });
  const words = ['http://proxy:3128', '--user', 'ada', '--except', 'a.test,b.test', '--except', '10.0.0.0/8', '--json'];
  expect(await cli.run('network', 'proxy', 'set', ...words)).toBe(0);
  expect(cli.calls.at(-1)).toEqual({
    method: 'network.setProxy',
    params: {
      url: 'http://proxy:3128',
      userName: 'ada',
      password: { from: 'typed', value: 'a secret' },
      storage: 'keychain',
      exceptions: ['a.test', 'b.test', '10.0.0.0/8'],
    },
  });
  expect(JSON.parse(await cli.out())).toEqual({ network: NETWORK });
});

test('what the shell says is shown as the command that would set it', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('network', 'detect')).toBe(0);
  expect(await cli.out()).toBe("perch network proxy set http://proxy:3128 --user ada --except '10.0.0.0/8'\n");
  expect(cli.calls.map(({ method }) => method)).toEqual(['network.detect']);
});
