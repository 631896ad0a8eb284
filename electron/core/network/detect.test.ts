import { expect, test } from 'vitest';
import { detected } from './detect.ts';

test('a proxy of the shell is shown without its password', () => {
  const found = detected('/bin/zsh', {
    https_proxy: 'http://ada:p%40ss@proxy.example.com:3128/',
    NO_PROXY: 'localhost, .internal,10.0.0.0/8 <-local>',
    SSL_CERT_FILE: '/etc/corporate.pem',
  });
  expect(found).toEqual({
    password: 'p@ss',
    shown: {
      shell: '/bin/zsh',
      proxy: {
        url: 'http://proxy.example.com:3128',
        userName: 'ada',
        hasPassword: true,
        exceptions: ['localhost', '*.internal', '10.0.0.0/8'],
      },
      certificateFile: '/etc/corporate.pem',
    },
  });
});

test('a shell that says nothing has nothing; one that says what cannot be used is told', () => {
  expect(detected('/bin/sh', { NO_PROXY: 'a.test', HTTPS_PROXY: '' })).toEqual({
    password: undefined,
    shown: { shell: '/bin/sh' },
  });
  expect(() => detected('/bin/sh', { ALL_PROXY: 'socks5://ada:secret@proxy:1080' })).toThrow(
    expect.objectContaining({ code: 'PROXY_ADDRESS_INVALID', values: { address: 'proxy:1080' } }),
  );
});
