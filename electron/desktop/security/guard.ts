import { app, type Session, type WebContents } from 'electron';
import { isWindowAddress, isWindowFile } from './addresses.ts';
import { isPermitted } from './permissions.ts';

/** Denies what the page does not need, for everything that this session ever loads. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_, permission, answer, details) =>
    answer(isPermitted(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_, permission, origin) => isPermitted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  // Where a file goes that the page made is asked in the system's own dialog.
  session.on('will-download', (event, item) => {
    if (!isWindowFile(item.getURL())) event.preventDefault();
  });
  // The page talks to the main process alone: whatever else would leave or come in does not.
  session.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !isWindowAddress(url) && !isWindowFile(url) && !url.startsWith('devtools://') }),
  );
}

/** Holds for every page whatever made it: nothing leads out of the window, nothing opens another one. */
export function guardContents(options: { openOutside: (address: string) => void }): void {
  app.on('web-contents-created', (_, contents) => guard(contents, options.openOutside));
}

function guard(contents: WebContents, openOutside: (address: string) => void): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!isWindowAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
}
