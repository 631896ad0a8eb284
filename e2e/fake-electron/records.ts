/** One thing that the program under test did with Electron, in the order in which it did it. */
export interface Record {
  readonly what: string;
  readonly detail: unknown;
}

/** From the fake to the test. */
export type FromFake =
  | { readonly kind: 'record'; readonly record: Record }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string };

/** From the test to the fake: what the user, the system or a page does. */
export type Command =
  | { readonly name: 'tray.click'; readonly bounds: { x: number; y: number; width: number; height: number } }
  /** Clicks through the tray's menu by labels; answers the labels of the level it got to when nothing is left. */
  | { readonly name: 'tray.menu'; readonly path: readonly string[] }
  | { readonly name: 'second-instance' }
  | { readonly name: 'quit' }
  /** Presses a button of the question that is open. */
  | { readonly name: 'dialog.answer'; readonly button: string }
  | { readonly name: 'system.shutdown' }
  | { readonly name: 'notification.click' }
  | { readonly name: 'window.blur' }
  | { readonly name: 'window.close' }
  | { readonly name: 'window.key'; readonly key: string }
  /** Answers whether the event was prevented. */
  | { readonly name: 'contents.navigate'; readonly event: string; readonly url: string }
  | { readonly name: 'contents.open'; readonly url: string }
  | { readonly name: 'permission'; readonly permission: string; readonly url: string }
  | { readonly name: 'request'; readonly url: string }
  | { readonly name: 'fetch'; readonly url: string; readonly method?: string }
  | {
      readonly name: 'ipc';
      readonly channel: string;
      readonly args: readonly unknown[];
      /** `ours`: the open window's main frame. */
      readonly sender: 'ours' | 'sub-frame' | 'gone' | 'foreign';
      /** The frame's address, when it is not the one that was loaded. */
      readonly url?: string;
    }
  /** What a page sends without waiting for an answer. */
  | {
      readonly name: 'ipc.send';
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly sender: 'ours' | 'sub-frame' | 'gone' | 'foreign';
    }
  | { readonly name: 'windows' };
