import { createRoot } from 'react-dom/client';
import { App } from '../app/app.tsx';
import { createLocation } from '../context/location.ts';
import { formatRoute } from '../context/route.ts';
import { createAppStore } from '../stores/app-store.ts';
import { createFakeTransport } from './fake-transport.ts';
import { NOW } from './fixtures.ts';
import { SCENES } from './scenes.ts';
import '../ui/styles.css';
import '../app/app.css';

/**
 * `gallery.html?scene=NAME` shows one scene, `NAME@fr` the same in French; without a name, the list of all.
 */
const root = document.getElementById('root');
const name = new URLSearchParams(window.location.search).get('scene') ?? '';
const [base = '', locale] = name.split('@');
const scene = inLanguage(SCENES[base]);
if (root !== null && scene === undefined) {
  createRoot(root).render(
    <ul>
      {Object.keys(SCENES).map((other) => (
        <li key={other}>
          <a href={`?scene=${other}`}>{other}</a>
        </li>
      ))}
    </ul>,
  );
}
if (root !== null && scene !== undefined) {
  if (window.location.hash === '')
    window.history.replaceState(null, '', `${window.location.search}${formatRoute(scene.route)}`);
  const { transport } = createFakeTransport(scene.state, scene.link);
  // Time stands still, so that a picture can be compared with the one before.
  const timers = { now: () => NOW, after: () => () => {} };
  const services = { transport, appStore: createAppStore(transport), location: createLocation(window), timers };
  createRoot(root).render(<App services={services} />);
}

function inLanguage(shown: (typeof SCENES)[string] | undefined): (typeof SCENES)[string] | undefined {
  if (shown?.state == null || (locale !== 'de' && locale !== 'fr')) return shown;
  return { ...shown, state: { ...shown.state, settings: { ...shown.state.settings, locale } } };
}
