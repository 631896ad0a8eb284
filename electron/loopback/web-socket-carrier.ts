import type { WebSocket } from 'ws';
import type { Carrier } from '../../shared/json-rpc/carrier.ts';
import { createCarrierEnd } from '../../shared/json-rpc/carrier-end.ts';
import { MAX_WAITING } from '../core/api/outflow.ts';
import type { Clock } from '../node/clock.ts';

/** Milliseconds between two pings; a window that did not answer one by the next is gone. */
const PING_MS = 30_000;

/** A carrier over a WebSocket: one JSON text a message. */
export function createWebSocketCarrier(socket: WebSocket, clock: Pick<Clock, 'after'>): Carrier {
  const end = createCarrierEnd({
    send(text) {
      if (socket.bufferedAmount <= MAX_WAITING) return socket.send(text);
      end.ended({ kind: 'failed', message: 'the window does not read' });
      socket.terminate();
    },
    close: (reason) => socket.close(reason.kind === 'protocol-violation' ? 1002 : 1000),
  });
  const stopPings = pingAgainAndAgain(socket, clock, () => {
    end.ended({ kind: 'failed', message: 'the window does not answer' });
    socket.terminate();
  });
  socket.on('message', (data, isBinary) => {
    if (isBinary) end.carrier.close({ kind: 'protocol-violation', message: 'a message is binary' });
    else end.receive(data.toString());
  });
  socket.on('error', (error) => end.ended({ kind: 'failed', message: error.message }));
  socket.on('close', () => {
    stopPings();
    end.ended({ kind: 'ended', message: 'the window is gone' });
  });
  return end.carrier;
}

function pingAgainAndAgain(socket: WebSocket, clock: Pick<Clock, 'after'>, onSilence: () => void): () => void {
  let answered = true;
  let stop: () => void;
  socket.on('pong', () => {
    answered = true;
  });
  const ping = () => {
    if (!answered) return onSilence();
    answered = false;
    socket.ping();
    stop = clock.after(PING_MS, ping);
  };
  stop = clock.after(PING_MS, ping);
  return () => stop();
}
