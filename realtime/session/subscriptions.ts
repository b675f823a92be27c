// Which peers hear a channel, and which channels a peer hears: both sides of the same thing, kept together.
// Made for many peers with few channels each: names are held once, and a channel that one peer hears needs no set.

import type { ClientState } from './client-state.ts'

interface Channel {
  /** The one string that every peer's list has. */
  readonly name: string
  peers: ClientState | Set<ClientState>
}

export class Subscriptions {
  readonly #channels = new Map<string, Channel>()

  /** @returns false when the peer hears it already */
  add(client: ClientState, name: string): boolean {
    const channel = this.#channels.get(name)
    if (channel && hears(channel, client)) return false
    if (!channel) this.#channels.set(name, { name, peers: client })
    else if (channel.peers instanceof Set) channel.peers.add(client)
    else channel.peers = new Set([channel.peers, client])
    client.channels = [...client.channels, channel?.name ?? name]
    return true
  }

  delete(client: ClientState, name: string): void {
    client.channels = client.channels.filter((each) => each !== name)
    this.#forget(client, name)
  }

  /** The peer's own list stays, for whoever looks at it later. */
  deleteAll(client: ClientState): void {
    for (const name of client.channels) this.#forget(client, name)
  }

  has(name: string): boolean {
    return this.#channels.has(name)
  }

  of(name: string): Iterable<ClientState> {
    const channel = this.#channels.get(name)
    if (!channel) return []
    return channel.peers instanceof Set ? channel.peers : [channel.peers]
  }

  #forget(client: ClientState, name: string): void {
    const channel = this.#channels.get(name)
    if (!channel || !hears(channel, client)) return
    if (channel.peers instanceof Set) channel.peers.delete(client)
    const isEmpty = channel.peers === client || (channel.peers instanceof Set && channel.peers.size === 0)
    if (isEmpty) this.#channels.delete(name)
  }
}

function hears({ peers }: Channel, client: ClientState): boolean {
  return peers instanceof Set ? peers.has(client) : peers === client
}
