// Where files lie that were chosen for a message which does not stand yet.

/** As much as is used of a place for files, whatever it is. */
export interface FileStorage {
  get(key: string): Promise<Blob | undefined>
  /** @throws whatever says that it has no room */
  set(key: string, file: Blob): Promise<unknown>
  remove(key: string): Promise<unknown>
  keys(): Promise<readonly string[]>
}

/** Gone with the page, or the process. */
export function memoryFiles(): FileStorage {
  const kept = new Map<string, Blob>()
  return {
    get: async (key) => kept.get(key),
    set: async (key, file) => kept.set(key, file),
    remove: async (key) => kept.delete(key),
    keys: async () => [...kept.keys()],
  }
}

/** IndexedDB: they are there after a reload, in every tab. @param database its name there */
export function browserFiles(database: string): FileStorage {
  const ask = <Answer>(question: Question<Answer>): Promise<Answer> => limitWait(answer(database, question))
  return {
    get: (key) => ask((files) => files.get(key)),
    set: (key, file) => ask((files) => files.put(file, key)),
    remove: (key) => ask((files) => files.delete(key)),
    keys: async () => (await ask((files) => files.getAllKeys())).map(String),
  }
}

type Question<Answer> = (files: IDBObjectStore) => IDBRequest<Answer>

const STORE = 'files'

/** Milliseconds after which it does not answer any more; less than a minute, after which what is not kept counts as gone. */
const PATIENCE = 30_000

function limitWait<Answer>(asked: Promise<Answer>): Promise<Answer> {
  let late: ReturnType<typeof setTimeout>
  const limit = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error('The device does not answer')), PATIENCE)
  })
  return Promise.race([asked, limit]).finally(() => clearTimeout(late))
}

/** Opened for each question: they are few, and nothing stays open. That it is kept is certain when the transaction is complete. */
async function answer<Answer>(name: string, question: Question<Answer>): Promise<Answer> {
  const database = await openDatabase(name)
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite')
      const request = question(transaction.objectStore(STORE))
      transaction.addEventListener('complete', () => resolve(request.result))
      transaction.addEventListener('abort', () => reject(transaction.error))
    })
  } finally {
    database.close()
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE))
    opening.addEventListener('blocked', () => reject(new Error('The device is busy')))
    opening.addEventListener('error', () => reject(opening.error))
    opening.addEventListener('success', () => resolve(opening.result))
  })
}
