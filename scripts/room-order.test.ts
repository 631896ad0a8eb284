import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { withRooms } from './lib/architecture.mjs';
import { judgeImport, ROOM_ORDER } from './lib/room-order.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Folders for tests and for the development of the window are no part of the product. */
const IS_PRODUCT = /^(?!.*\.(test|spec|bench)\.tsx?$)(?!(.*\/)?(testing|dev)\/).*\.tsx?$/;

function sourcesOf(wall: string): string[] {
  return readdirSync(join(root, wall), { recursive: true, encoding: 'utf8' })
    .map((name) => `${wall}/${name.split('\\').join('/')}`)
    .filter((file) => IS_PRODUCT.test(file) && !file.endsWith('/vite.config.ts'));
}

/** Types count as well: a type that is defined above its user ties the two rooms together just the same. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g);
  return [...found].map(([, target]) => posix.normalize(posix.join(posix.dirname(file), target ?? '')));
}

describe('the order of the rooms', () => {
  for (const wall of Object.keys(ROOM_ORDER)) {
    test(`${wall}: a room imports only what stands below it`, () => {
      const files = sourcesOf(wall);
      expect(files.length).toBeGreaterThan(0);
      const broken = files.flatMap((file) => importsOf(file).map((target) => judgeImport(file, target)));
      expect(broken.filter((one) => one !== undefined)).toEqual([]);
    });

    test(`${wall}: every room has its place, and every place its room`, () => {
      const rooms = new Set(sourcesOf(wall).map((file) => file.slice(wall.length + 1).split('/', 1)[0]));
      expect([...rooms].filter((room) => !ROOM_ORDER[wall]?.includes(room ?? ''))).toEqual([]);
      expect(ROOM_ORDER[wall]?.filter((room) => !existsSync(join(root, wall, room)))).toEqual([]);
    });
  }

  test.each([
    ['electron/core/storage/logs/reader.ts', 'electron/core/agents/agent-service.ts', 'agents stands above storage'],
    ['electron/core/ports.ts', 'electron/core/boot/boot-log.ts', 'boot stands above ports.ts'],
    ['electron/runner/process/watch.ts', 'electron/runner/sessions/sessions.ts', 'sessions stands above process'],
    ['electron/cli/context.ts', 'electron/cli/run/permissions.ts', 'run stands above context.ts'],
    ['renderer/ui/link.tsx', 'renderer/failure/remedy-link.tsx', 'failure stands above ui'],
    ['renderer/attic/one.ts', 'renderer/ui/link.tsx', 'the room attic of renderer has no place'],
  ])('a violation names both: %s imports %s', (file, target, reason) => {
    expect(judgeImport(file, target)).toContain(file);
    expect(judgeImport(file, target)).toContain(reason);
  });

  test.each([
    ['electron/core/agents/agent-service.ts', 'electron/core/storage/logs/reader.ts'],
    ['electron/core/agents/agent-service.ts', 'electron/core/agents/session-plan.ts'],
    ['electron/core/agents/agent-service.ts', 'shared/model/agent.ts'],
    ['electron/core/agents/agent-service.ts', 'electron/node/clock.ts'],
  ])('what stands below, beside or outside may be imported: %s imports %s', (file, target) => {
    expect(judgeImport(file, target)).toBeUndefined();
  });

  test('ARCHITECTURE.md names every room in this order', () => {
    const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    expect(page, 'run node scripts/architecture.mjs').toBe(withRooms(page));
  });
});
