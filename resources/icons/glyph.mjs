/**
 * The mark: a bird on a perch, on a grid of 24. Drawn here once; the application's icon, the window's and the tray's
 * are made of it by `render.mjs`.
 */
const BIRD =
  'M3.2 9.1 L6 7.6 C6.5 5.3 8.4 3.6 10.8 3.6 C13.6 3.6 15.4 5.4 15.9 7.6 C16.3 9.4 17.6 10.6 19.4 11.6 L22 13.1 L17.6 14.6 C16.6 16.3 14.6 17.4 12.2 17.4 C8.6 17.4 6.1 14.8 6.1 11.2 L6.1 10 Z';
const EYE = { x: 9.6, y: 7.8, r: 0.95 };
const PERCH = { x: 2, y: 19.2, width: 20, height: 2.2, r: 1.1 };
const LEG = { x: 11.1, y: 16.6, width: 1.5, height: 3.2 };

/** The mark in one colour; the eye is a hole. `id` keeps masks of several marks apart. */
export function glyph(colour, id = 'bird') {
  return `
    <mask id="${id}"><rect width="24" height="24" fill="#fff"/><circle cx="${EYE.x}" cy="${EYE.y}" r="${EYE.r}" fill="#000"/></mask>
    <g fill="${colour}">
      <path d="${BIRD}" mask="url(#${id})" stroke="${colour}" stroke-width=".6" stroke-linejoin="round"/>
      <rect x="${LEG.x}" y="${LEG.y}" width="${LEG.width}" height="${LEG.height}"/>
      <rect x="${PERCH.x}" y="${PERCH.y}" width="${PERCH.width}" height="${PERCH.height}" rx="${PERCH.r}"/>
    </g>`;
}

/** What stands in the corner of the tray's icon, beside the colour: shape tells, too. */
const BADGES = {
  ready: () => '',
  busy: (colour) =>
    `<circle cx="19" cy="5" r="3.4" fill="none" stroke="${colour}" stroke-width="1.8" stroke-dasharray="13 9" transform="rotate(-60 19 5)"/>`,
  attention: (colour) =>
    `<rect x="17.9" y="0.8" width="2.3" height="5.4" rx="1.1" fill="${colour}"/><circle cx="19.05" cy="8.2" r="1.3" fill="${colour}"/>`,
  failed: (colour) =>
    `<path d="M16.4 2.2 L21.8 7.6 M21.8 2.2 L16.4 7.6" stroke="${colour}" stroke-width="2.1" stroke-linecap="round"/>`,
};

/** Colours that hold on a light and on a dark bar; a template image has one, which macOS replaces. */
const COLOURS = {
  template: { bird: '#000', ready: '#000', busy: '#000', attention: '#000', failed: '#000' },
  colour: { bird: '#3f7fe0', ready: '#3f7fe0', busy: '#8a94a0', attention: '#e08a00', failed: '#e0483e' },
};

export function trayIcon(state, kind) {
  const { bird, [state]: badge } = COLOURS[kind];
  const dimmed = kind === 'colour' && state !== 'ready' ? '#8a94a0' : bird;
  return svg(24, `${glyph(dimmed)}${BADGES[state](badge)}`);
}

export function appIcon() {
  return svg(
    512,
    `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
       <stop offset="0" stop-color="#4a86e8"/><stop offset="1" stop-color="#1b4a9e"/>
     </linearGradient></defs>
     <rect x="36" y="36" width="440" height="440" rx="100" fill="url(#sky)"/>
     <g transform="translate(112 104) scale(12)">${glyph('#fff')}</g>`,
  );
}

function svg(size, content) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}"><title>Perch</title>${content}\n</svg>\n`;
}
