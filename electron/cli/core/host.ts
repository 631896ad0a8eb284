import { createApp } from '../../core/app.ts';
import type { HostPorts } from '../../core/ports.ts';
import type { HostedCore } from './reach-core.ts';

/** A core in this process, for as long as the command and its guests need it. */
export async function hostCore(ports: HostPorts): Promise<HostedCore> {
  const app = await createApp(ports);
  return {
    app,
    guests: () => app.localSocket.guests(),
    onGuestsChange: (listener) => app.localSocket.onGuestsChange(listener),
    dispose: () => app.dispose(),
  };
}
