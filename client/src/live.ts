// What can be followed: which list is read how, and what each event does to it.

import type { CallOperation, InputOf, ReplyOf } from './api.ts'
import type { LazySocket } from './create-client.ts'
import { ABOUT_APPROVALS, ABOUT_ROOMS, WHILE_IN_USE } from './live-events.ts'
import { FollowedList, type ListPart, type LiveList, type LiveStatus } from './live-list.ts'
import { changeNotifications } from './live-notifications.ts'
import { readMessages, readPages } from './live-pages.ts'
import type { Draft, Outbox } from './outbox.ts'
import type { State } from './socket/options.ts'
import type { EventMap } from './socket/wire.ts'
import type { operations } from './contract.ts'

export type { LiveStatus }

type Row<Name extends keyof operations> = ReplyOf<Name> extends readonly (infer Item)[] ? Item : never
type Query<Name extends keyof operations> = Omit<
  NonNullable<InputOf<Name> extends { query?: infer Q } ? Q : never>,
  'limit' | 'offset' | 'page' | 'cursor'
>

type Message = Row<'getChatRoomsByIdMessages'>

export interface Live {
  approvals(query?: Query<'getApprovals'>): LiveList<Row<'getApprovals'>>
  /** A list of one. */
  approval(id: string): LiveList<Row<'getApprovals'>>
  bookings(query?: Query<'getBookings'>): LiveList<Row<'getBookings'>>
  /** A list of one. */
  booking(id: string): LiveList<Row<'getBookings'>>
  /** The directory. */
  people(query?: Query<'getPeople'>): LiveList<Row<'getPeople'>>
  /** With all that only ADMINs see of them, and those who left. */
  users(query?: Query<'getUsers'>): LiveList<Row<'getUsers'>>
  faqs(query?: Query<'getChatFaqs'>): LiveList<Row<'getChatFaqs'>>
  /** Vehicles, stations and properties. */
  resources(query?: Query<'getResources'>): LiveList<Row<'getResources'>>
  /** A list of one, as the next. */
  organisation(): LiveList<ReplyOf<'getOrganisation'>>
  /** When it is open. */
  calendar(): LiveList<ReplyOf<'getOrganisationCalendar'>>
  tickets(query?: Query<'getSupports'>): LiveList<Row<'getSupports'>>
  /** With the number that stands at the bell. */
  notifications(
    query?: Query<'getNotificationsUnreadCount'>,
  ): LiveList<Row<'getNotifications'>> & { unread(): number }
  rooms(query?: Query<'getChatRooms'>): LiveList<Row<'getChatRooms'>>
  /** Conversations with customers. */
  desk(query?: Query<'getChatRooms'>): LiveList<Row<'getChatRooms'>>
  /** In the order of the room, with what was written here and does not stand yet. */
  messages(roomId: string): LiveList<Message> & { drafts(): readonly Draft[] }
}

interface LiveOptions {
  call: CallOperation
  socket: LazySocket
  outbox: Outbox
  onState: (hear: (state: State) => void) => unknown
}

interface Following<Item> {
  read: (size: number) => Promise<ListPart<unknown>>
  keyOf?: (item: Item) => string
  isFiltered?: boolean
  ready?: () => Promise<unknown>
}

/** Everything that is followed, and what ends it. */
class LiveLists implements Live {
  readonly #options: LiveOptions
  readonly #open = new Set<Pick<FollowedList<object>, 'away' | 'back' | 'close' | 'rereadSoon'>>()
  readonly #end: () => void

  constructor(options: LiveOptions) {
    this.#options = options
    this.#end = options.socket.onMissed(() => this.#each((list) => list.rereadSoon()))
    options.onState((state) => this.#each((list) => (state === 'live' ? list.back() : list.away())))
  }

  approvals(query: object = {}): FollowedList<Row<'getApprovals'>> {
    const list = this.#listed<Row<'getApprovals'>>('getApprovals', query, true)
    this.#on(list, ABOUT_APPROVALS, (one) => list.place(one))
    return list
  }

  approval(id: string): FollowedList<Row<'getApprovals'>> {
    const list = this.#follow<Row<'getApprovals'>>({
      read: () => readOne(this.#options.call('getApprovalsById', { path: { id } })),
    })
    this.#on(list, ABOUT_APPROVALS, (one) => one.id === id && list.place(one))
    return list
  }

  bookings(query: object = {}): FollowedList<Row<'getBookings'>> {
    const list = this.#listed<Row<'getBookings'>>('getBookings', query)
    this.#on(list, ['booking.created', 'booking.changed'], (one) => list.place(one))
    return list
  }

  booking(id: string): FollowedList<Row<'getBookings'>> {
    const list = this.#follow<Row<'getBookings'>>({
      read: () => readOne(this.#options.call('getBookingsById', { path: { id } })),
    })
    this.#on(list, ['booking.changed'], (one) => one.id === id && list.place(one))
    return list
  }

  people(query: object = {}): FollowedList<Row<'getPeople'>> {
    return this.#peopleIn('getPeople', query)
  }

  users(query: object = {}): FollowedList<Row<'getUsers'>> {
    return this.#peopleIn('getUsers', query)
  }

  faqs(query: object = {}): FollowedList<Row<'getChatFaqs'>> {
    const list = this.#listed<Row<'getChatFaqs'>>('getChatFaqs', query, true)
    // Where it stands follows from its rank.
    this.#on(list, ['faq.changed'], ({ id, isDeleted }) => (isDeleted ? list.remove(id) : list.rereadSoon()))
    return list
  }

  resources(query: object = {}): FollowedList<Row<'getResources'>> {
    const list = this.#listed<Row<'getResources'>>('getResources', query, true)
    this.#on(list, ['resource.changed'], () => list.rereadSoon())
    this.#on(list, ['booking.changed'], ({ status }) => WHILE_IN_USE.includes(status) && list.rereadSoon())
    return list
  }

  organisation(): FollowedList<ReplyOf<'getOrganisation'>> {
    const list = this.#follow<ReplyOf<'getOrganisation'>>({
      read: () => readOne(this.#options.call('getOrganisation')),
    })
    this.#on(list, ['organisation.changed'], (organisation) => list.put(organisation, inPlace))
    return list
  }

  calendar(): FollowedList<ReplyOf<'getOrganisationCalendar'>> {
    const list = this.#follow<ReplyOf<'getOrganisationCalendar'>>({
      read: () => readOne(this.#options.call('getOrganisationCalendar')),
      keyOf: () => 'calendar',
    })
    this.#on(list, ['calendar.changed'], (calendar) => list.put(calendar, inPlace))
    return list
  }

  tickets(query: object = {}): FollowedList<Row<'getSupports'>> {
    const list = this.#listed<Row<'getSupports'>>('getSupports', query)
    this.#on(list, ['ticket.created', 'ticket.updated', 'ticket.resolved'], (one) => list.place(one))
    this.#on(list, ['ticket.deleted'], ({ id }) => list.remove(id))
    return list
  }

  notifications(query: Record<string, unknown> = {}): ReturnType<Live['notifications']> {
    const list = this.#listed<Row<'getNotifications'>>('getNotifications', query)
    const count = this.#follow<{ count: number }>({
      read: () => readOne(this.#options.call('getNotificationsUnreadCount', { query })),
      keyOf: () => 'unread',
    })
    this.#on(list, ['notification.created'], (one) => list.place(one))
    this.#on(list, ['notification.changed'], (change) => changeNotifications(list, change))
    this.#on(list, ['notification.created', 'notification.changed'], () => count.rereadSoon())
    count.subscribe(() => list.touch())
    list.onClose(() => count.close())
    return Object.assign(list, { unread: () => count.get()[0]?.count ?? 0 })
  }

  rooms(query: object = {}): FollowedList<Row<'getChatRooms'>> {
    const list = this.#listed<Row<'getChatRooms'>>('getChatRooms', query, true)
    this.#on(list, ABOUT_ROOMS, () => list.rereadSoon())
    return list
  }

  desk(query: object = {}): FollowedList<Row<'getChatRooms'>> {
    return this.rooms({ ...query, kind: 'SUPPORT' })
  }

  messages(roomId: string): ReturnType<Live['messages']> {
    const { call, socket, outbox } = this.#options
    const list = this.#follow<Message>({
      read: (size) => readMessages(call, roomId, size),
      ready: () => socket.get().subscribe(`room:${roomId}`),
    })
    const isHere = (one: { roomId: string }): boolean => one.roomId === roomId
    this.#on(list, ['message.created', 'message.changed'], (one) => isHere(one) && list.put(one, bySeq))
    this.#on(
      list,
      ['message.deleted', 'messages.read', 'messages.delivered'],
      (one) => isHere(one) && list.rereadSoon(),
    )
    list.onClose(
      outbox.subscribe((room, stands) => {
        if (room !== roomId) return
        if (stands) list.put(stands as Message, bySeq)
        list.touch()
      }),
    )
    return Object.assign(list, { drafts: () => unsent(outbox.draftsIn(roomId), list.get()) })
  }

  close(): void {
    this.#each((list) => list.close())
    this.#end()
  }

  #each(act: (list: Pick<FollowedList<object>, 'away' | 'back' | 'close' | 'rereadSoon'>) => void): void {
    for (const list of this.#open) act(list)
  }

  #on<Name extends keyof EventMap>(
    list: Pick<FollowedList<object>, 'onClose'>,
    events: readonly Name[],
    hear: (data: EventMap[Name]) => void,
  ): void {
    for (const event of events) list.onClose(this.#options.socket.on(event, hear))
  }

  /** In the order of their names, which is the reader's: only the server knows it. */
  #peopleIn<Name extends 'getPeople' | 'getUsers'>(
    name: Name,
    query: object,
  ): FollowedList<Row<Name> & object> {
    const list = this.#listed<Row<Name> & object>(name, query, true)
    this.#on(list, ['people.changed'], () => list.rereadSoon())
    return list
  }

  /** What nobody filtered is merged; else only the server knows what belongs to it. */
  #listed<Item extends object>(
    name: string,
    query: object,
    isFiltered = Object.keys(query).length > 0,
  ): FollowedList<Item> {
    return this.#follow<Item>({
      read: (size) => readPages(this.#options.call, name, query, size),
      isFiltered,
    })
  }

  #follow<Item extends object>({
    keyOf,
    isFiltered = false,
    ready,
    read,
  }: Following<Item>): FollowedList<Item> {
    const list = new FollowedList<Item>({
      // A command waits until the client is live: what happens after that is heard.
      ready: ready ?? (() => this.#options.socket.get().command('ping')),
      read: async (size) => (await read(size)) as ListPart<Item>,
      keyOf: keyOf ?? ((item) => String(Reflect.get(item, 'id'))),
      isFiltered,
    })
    this.#open.add(list)
    list.onClose(() => this.#open.delete(list))
    return list
  }
}

export function openLive(options: LiveOptions): Live & { close(): void } {
  return new LiveLists(options)
}

/** What stands already, although the answer to it was lost, is no draft any more. */
function unsent(drafts: readonly Draft[], messages: readonly Message[]): Draft[] {
  const standing = new Set(messages.map(({ clientMsgId }) => clientMsgId))
  return drafts.filter(({ clientMsgId }) => !standing.has(clientMsgId))
}

const readOne = async (item: Promise<unknown>): Promise<ListPart<unknown>> => ({
  items: [await item],
  hasMore: false,
})

/** There is only one. */
const inPlace = (): number => 0

const bySeq = (one: { seq: number }, other: { seq: number }): number => one.seq - other.seq
