// Where a part stands: in the console, or in a widget on somebody's page. It is all that a shared part knows of it.

import type { Client, ReplyOf, SessionStorage } from '../../client/src/index.ts'
import type { Language } from './language.ts'

export type Approval = ReplyOf<'getApprovals'>[number]
export type Notification = ReplyOf<'getNotifications'>[number]
export type Room = ReplyOf<'getChatRooms'>[number]
export type Message = ReplyOf<'getChatRoomsByIdMessages'>[number]

/** As much of a Map as is used. */
export interface ChosenFiles {
  get(draft: string): readonly File[] | undefined
  set(draft: string, files: readonly File[]): unknown
}

export interface Place {
  readonly client: Client
  /** Whoever is signed in here. */
  readonly userId: string
  readonly language: Language
  /** Where words lie that are half written. */
  readonly drafts: SessionStorage
  /** Files that were chosen and are not sent yet, by person and room. */
  readonly chosen: ChosenFiles
  /** Whether the page lets pictures of the server in. */
  readonly showsPictures: boolean
  /** What is said in passing. */
  readonly say: (text: string) => void
}
