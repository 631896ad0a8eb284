import { ROOMS } from './room-order.mjs';

const BEGIN = '<!-- rooms: made by scripts/architecture.mjs from scripts/lib/room-order.mjs -->';
const END = '<!-- end of rooms -->';

/** The picture of the walls: an arrow means *may import*. */
const WALLS = `\`\`\`mermaid
flowchart TB
  desktop["electron/desktop"] --> core
  loopback["electron/loopback"] --> core
  cli["electron/cli"] --> core
  preload["electron/preload"] --> shared
  renderer --> shared
  core["electron/core"] --> node["electron/node"]
  runner["electron/runner"] --> node
  node --> shared
  core -. starts .-> runner
\`\`\``;

/** The part of ARCHITECTURE.md that follows from the order of the rooms. */
export function roomsSection() {
  const walls = Object.entries(ROOMS).map(([wall, rooms]) => {
    const rows = [...rooms].reverse().map(([room, purpose]) => `| \`${room}\` | ${purpose} |`);
    return `**\`${wall}/\`**\n\n| room | what it is |\n|---|---|\n${rows.join('\n')}`;
  });
  return `${BEGIN}\n\n${WALLS}\n\n${walls.join('\n\n')}\n\n${END}`;
}

/**
 * The page with its rooms as they are now.
 * @param {string} page
 * @throws Error when the page has no place for them
 */
export function withRooms(page) {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from === -1 || to === -1) throw new Error('ARCHITECTURE.md has no place for the rooms');
  return page.slice(0, from) + roomsSection() + page.slice(to + END.length);
}
