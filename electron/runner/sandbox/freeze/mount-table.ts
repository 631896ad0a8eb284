import { textOfName } from '../../../node/byte-names.ts';

/** A line of mountinfo(5). */
export interface Point {
  readonly path: string;
  readonly options: readonly string[];
}

/** In the order in which they were made: of two in one place the later one lies above. */
export function pointsOf(mountinfo: string): Point[] {
  const lines = mountinfo.split('\n').filter(Boolean);
  return lines.map((line) => {
    const [, , , , point = '', options = ''] = line.split(' ');
    const path = point.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
    return { path: textOfName(Buffer.from(path, 'latin1')), options: options.split(',') };
  });
}
