// Files that were chosen for a message and are not sent yet. They are there after a reload, as the words beside them are: which
// they are lies in the storage of this tab, their bytes in IndexedDB.

import { browserFiles } from '../client/src/index.ts'
import { say } from './elements/toast.ts'
import type { ChosenFiles } from './shared/place.ts'
import { chatText } from './texts/chat.ts'

interface Kept {
  /** Where its bytes lie: begins with when it was chosen, in milliseconds. */
  key: string
  name: string
}

/** After the name of the draft. */
const LIST = '.files'
/** Milliseconds after which the bytes go that a tab left behind, which was closed. */
const LEFT_FOR = 14 * 24 * 60 * 60 * 1000

class ChosenKeeper implements ChosenFiles {
  readonly #bytes = browserFiles('bellhop.chosen')
  readonly #files = new Map<string, readonly File[]>()
  readonly #kept = new WeakMap<File, Kept>()

  get(draft: string): readonly File[] | undefined {
    return this.#files.get(draft)
  }

  set(draft: string, files: readonly File[]): void {
    const gone = (this.#files.get(draft) ?? []).filter((file) => !files.includes(file))
    const added = files.filter((file) => !this.#kept.has(file))
    for (const file of added)
      this.#kept.set(file, { key: `${Date.now()}.${crypto.randomUUID()}`, name: file.name })
    this.#note(draft, files)
    // What has no room there is at hand for as long as the page is.
    for (const file of added) this.#bytes.set(this.#keyOf(file), file).catch(() => undefined)
    for (const file of gone) this.#bytes.remove(this.#keyOf(file)).catch(() => undefined)
  }

  /** What this person had chosen before the page came again. What the device lost is said. */
  async load(userId: string): Promise<void> {
    const lists = Object.keys(sessionStorage).filter(
      (name) => name.startsWith(`bellhop.draft.${userId}.`) && name.endsWith(LIST),
    )
    const lost = await Promise.all(lists.map((name) => this.#loadDraft(name.slice(0, -LIST.length))))
    if (lost.flat().length > 0) say(chatText.lost(lost.flat().join(', ')))
    void this.#sweep().catch(() => undefined)
  }

  /** @returns names of what is lost */
  async #loadDraft(draft: string): Promise<string[]> {
    if (this.#files.has(draft)) return []
    const kept: Kept[] = JSON.parse(sessionStorage.getItem(draft + LIST) ?? '[]')
    const found = await Promise.all(kept.map((each) => this.#find(each)))
    this.#note(
      draft,
      found.flatMap((file) => file ?? []),
    )
    return kept.filter((_, at) => !found[at]).map(({ name }) => name)
  }

  async #find(kept: Kept): Promise<File | undefined> {
    const file = await this.#bytes.get(kept.key).catch(() => undefined)
    if (!(file instanceof File)) return undefined
    this.#kept.set(file, kept)
    return file
  }

  #note(draft: string, files: readonly File[]): void {
    this.#files.set(draft, files)
    if (files.length === 0) sessionStorage.removeItem(draft + LIST)
    else sessionStorage.setItem(draft + LIST, JSON.stringify(files.map((file) => this.#kept.get(file))))
  }

  #keyOf(file: File): string {
    return this.#kept.get(file)?.key ?? ''
  }

  async #sweep(): Promise<void> {
    for (const key of await this.#bytes.keys())
      if (Date.now() - Number(key.split('.')[0]) > LEFT_FOR) await this.#bytes.remove(key)
  }
}

export const chosenFiles = new ChosenKeeper()
