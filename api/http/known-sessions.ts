// Who stands behind a session. A new role ends the session. Not promised: that a name or language that another process changed
// is known sooner than in a minute.

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { sessionEndedEvent } from '../../shared/users/events.ts'
import { findActor, listSessionsEndedSince } from '../../shared/users/queries.ts'
import { RememberedCallers } from './remembered-callers.ts'

export class KnownSessions {
  readonly #actors: RememberedCallers<Actor>

  /** @param now monotonic milliseconds */
  constructor(runtime: Runtime, now?: () => number) {
    this.#actors = new RememberedCallers<Actor>(
      runtime,
      {
        part: 'callers',
        find: findActor,
        listEndedSince: listSessionsEndedSince,
        idOf: ({ sessionId }) => sessionId,
      },
      now,
    )
    runtime.outbox.hear(({ name, channels }) => {
      if (name === sessionEndedEvent.name)
        this.#actors.forget(({ sessionId }) => channels.includes(`session:${sessionId}`))
    })
  }

  /** @returns undefined once it ended or the person was deactivated */
  find(sessionId: string): Promise<Actor | undefined> {
    return this.#actors.find(sessionId)
  }

  /** Who its people are is read again. */
  forgetOrganisation(orgId: string): void {
    this.#actors.forget((actor) => actor.orgId === orgId)
  }
}
