import { FoundMessage } from '../../shared/chat/schema.ts'
import { searchMessages } from '../../shared/chat/search.ts'
import { id, prose, shape, Type } from '../../shared/kit/declare/schema.ts'
import { keysetList } from '../http/route-builders.ts'

export const searchRoutes = [
  keysetList('/chat/messages/search', {
    scope: 'chat:read',
    summary: 'Messages of your rooms by words, as written first, then with any accents; newest first',
    query: shape({
      q: prose('Words that all stand in it; the last may be a beginning.'),
      roomId: Type.Optional(id('Only in this room.')),
    }),
    item: FoundMessage,
    handle: ({ db }, { query, caller }) => searchMessages(db, caller, query),
  }),
]
