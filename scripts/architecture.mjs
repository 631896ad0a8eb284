/** Writes the rooms into ARCHITECTURE.md, after a change of their order. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withRooms } from './lib/architecture.mjs';
import { root } from './lib/paths.mjs';

const file = join(root, 'ARCHITECTURE.md');
writeFileSync(file, withRooms(readFileSync(file, 'utf8')));
