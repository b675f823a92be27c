// Which peers hear a channel, and which channels a peer hears: both sides of the same thing, kept together.
// Made for many peers with few channels each: names are held once, and a channel that one peer hears needs no set.

import type { Peer } from './peer.ts'

interface Channel {
  /** The one string that every peer's list has. */
  readonly name: string
  peers: Peer | Set<Peer>
}

export class Listeners {
  readonly #channels = new Map<string, Channel>()

  /** @returns false when the peer hears it already */
  add(peer: Peer, name: string): boolean {
    const channel = this.#channels.get(name)
    if (channel && hears(channel, peer)) return false
    if (!channel) this.#channels.set(name, { name, peers: peer })
    else if (channel.peers instanceof Set) channel.peers.add(peer)
    else channel.peers = new Set([channel.peers, peer])
    peer.channels = [...peer.channels, channel?.name ?? name]
    return true
  }

  delete(peer: Peer, name: string): void {
    peer.channels = peer.channels.filter((each) => each !== name)
    this.#forget(peer, name)
  }

  /** The peer's own list stays, for whoever looks at it later. */
  deleteAll(peer: Peer): void {
    for (const name of peer.channels) this.#forget(peer, name)
  }

  of(name: string): Iterable<Peer> {
    const channel = this.#channels.get(name)
    if (!channel) return []
    return channel.peers instanceof Set ? channel.peers : [channel.peers]
  }

  #forget(peer: Peer, name: string): void {
    const channel = this.#channels.get(name)
    if (!channel || !hears(channel, peer)) return
    if (channel.peers instanceof Set) channel.peers.delete(peer)
    const isEmpty = channel.peers === peer || (channel.peers instanceof Set && channel.peers.size === 0)
    if (isEmpty) this.#channels.delete(name)
  }
}

function hears({ peers }: Channel, peer: Peer): boolean {
  return peers instanceof Set ? peers.has(peer) : peers === peer
}
