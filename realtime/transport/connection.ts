// What we need of a socket. The transport brings one per client; tests bring their own.
// Promise: everything may be called at any time; on a socket that is gone it does nothing.

import type { CloseCode } from './close-codes.ts'

export interface Connection {
  /** Where it comes from, as far as our proxies can be believed. */
  readonly address: string
  send(frame: string): void
  subscribe(channel: string): void
  unsubscribe(channel: string): void
  /** Says why and ends it, after everything sent before. `Receiver.closed` has been called when it returns. */
  close(why: CloseCode): void
  /** Bytes that were sent and that the network has not taken yet. */
  backlog(): number
}

/** Who is told what a connection does. */
export interface Receiver {
  /** @param text undefined for a binary frame */
  message(text: string | undefined): void
  /** @param why when the transport itself gave it up */
  closed(why?: CloseCode): void
}

/** Sends a frame to every connection subscribed to the channel. @returns how many these are */
export type Publish = (channel: string, frame: string) => number
