import { FoundMessage } from '../../shared/chat/schema.ts'
import { searchMessages } from '../../shared/chat/search.ts'
import { id, prose, shape, Type } from '../../shared/kit/declare/schema.ts'
import { keysetList } from '../http/route-builders.ts'

export const searchRoutes = [
  keysetList('/chat/messages/search', {
    scope: 'chat:read',
    summary:
      'Messages of your rooms by their words, as they are written first, then with any accents; newest first',
    query: shape({
      q: prose(
        'Words that all have to stand in it, with or without accents. The last may be the beginning of one.',
      ),
      roomId: Type.Optional(id('Only in this room.')),
    }),
    item: FoundMessage,
    handle: ({ db }, { query, caller }) => searchMessages(db, caller, query),
  }),
]
