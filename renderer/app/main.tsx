import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createLocation } from '../context/location.ts';
import { createAppStore } from '../stores/app-store.ts';
import { chooseTransport } from '../transport/choose.ts';
import { browserTimers } from '../transport/timers.ts';
import { App } from './app.tsx';
import '../ui/styles.css';
import './app.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');

const transport = chooseTransport(window);
const services = {
  transport,
  appStore: createAppStore(transport),
  location: createLocation(window),
  timers: browserTimers,
};
createRoot(root).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
);
