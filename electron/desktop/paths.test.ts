import { expect, test } from 'vitest';
import { desktopPaths } from './paths.ts';

const environment = { PERCH_DATA_DIR: '/data' };

test('in a checkout everything is below its root', () => {
  expect(desktopPaths({ appDir: '/src/perch', environment })).toMatchObject({
    dataDir: '/data',
    resourcesDir: '/src/perch/resources',
    programsDir: '/src/perch/dist',
    moduleDirs: ['/src/perch/node_modules'],
    runnerFile: '/src/perch/dist/runner.mjs',
    preloadFile: '/src/perch/dist/preload.cjs',
    rendererDir: '/src/perch/dist/renderer',
    chromiumDir: '/data/chromium',
  });
});

test('what other programs read is outside the archive of a packed application', () => {
  expect(desktopPaths({ appDir: '/opt/Perch/resources/app.asar', environment })).toMatchObject({
    resourcesDir: '/opt/Perch/resources/app.asar/resources',
    programsDir: '/opt/Perch/resources/app.asar.unpacked/dist',
    moduleDirs: ['/opt/Perch/resources/app.asar.unpacked/node_modules'],
    runnerFile: '/opt/Perch/resources/app.asar/dist/runner.mjs',
    preloadFile: '/opt/Perch/resources/app.asar/dist/preload.cjs',
  });
});
