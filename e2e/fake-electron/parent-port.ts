/** What Electron gives a utility process, over Node's own channel. Loaded before the program. */
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
process.on('message', (data) => port.emit('message', { data, ports: [] }));
// A utility process ends with the main process.
process.on('disconnect', () => process.exit(0));

Object.assign(process, {
  parentPort: Object.assign(port, { postMessage: (message: unknown) => void process.send?.(message) }),
});
