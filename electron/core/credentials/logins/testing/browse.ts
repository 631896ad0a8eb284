/** Follows redirects as a browser does, cookies and all, until an address is not of `origin`; returns that address. */
export async function browse(url: string, origin: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  while (next.startsWith(origin)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
    await response.arrayBuffer();
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} without a way on`);
    next = new URL(location, next).href;
  }
  return next;
}
