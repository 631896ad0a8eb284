import { createServer as createHttp, request } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';

/** Name or address and port, as they were asked for. */
type Dial = (host: string, port: number) => Promise<Socket>;

/** A proxy that lets everything through: what the attempts on Perch's own are held against. As lenient as can be. */
export function openProxy(dial: Dial): Server {
  const http = createHttp({ insecureHTTPParser: true }, (asked, answer) => {
    const url = new URL(asked.url ?? '');
    void dial(url.hostname, Number(url.port || 80)).then(
      (socket) => {
        const forwarded = request({ path: url.pathname, createConnection: () => socket }, (got) => {
          answer.writeHead(got.statusCode ?? 502, got.headers);
          got.pipe(answer);
        });
        forwarded.on('error', () => answer.destroy()).end();
      },
      () => answer.destroy(),
    );
  });
  return createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', (first: Buffer) => {
      client.pause();
      const text = first.toString('utf8');
      const asked = /^CONNECT (.*):(\d+) HTTP/.exec(text);
      if (first[0] === 5) serveSocks5(client, dial);
      else if (first[0] === 4) {
        const address = [...first.subarray(4, 8)].join('.');
        void join(client, dial(address, first.readUInt16BE(2)), Buffer.from([0, 90, 0, 0, 0, 0, 0, 0]));
      } else if (asked !== null)
        void join(client, dial(asked[1] ?? '', Number(asked[2])), Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
      else {
        client.unshift(first);
        http.emit('connection', client);
        client.resume();
      }
    });
  });
}

function serveSocks5(client: Socket, dial: Dial): void {
  client.write(Buffer.from([5, 0]));
  client.resume();
  client.once('data', (bytes: Buffer) => {
    client.pause();
    const end = bytes.length - 2;
    const hex = bytes.subarray(4, end).toString('hex');
    const host =
      bytes[3] === 3
        ? bytes.subarray(5, end).toString('latin1')
        : bytes[3] === 1
          ? [...bytes.subarray(4, end)].join('.')
          : (hex.match(/.{4}/g) ?? []).join(':');
    void join(client, dial(host, bytes.readUInt16BE(end)), Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  });
}

async function join(client: Socket, dialled: Promise<Socket>, done: Buffer): Promise<void> {
  try {
    const socket = await dialled;
    socket.on('error', () => client.destroy());
    client.write(done);
    client.pipe(socket).pipe(client);
    client.resume();
  } catch {
    client.destroy();
  }
}
