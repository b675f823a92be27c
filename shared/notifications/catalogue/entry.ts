// What the catalogue says of a type of notification.

import type { Category, DeedKind, Priority } from '../schema.ts'

export interface Text {
  title: string
  message: string
}

export interface CatalogueEntry {
  category: Category
  priority: Priority
  /** It asks for a deed: done by anybody, it is read. */
  settledBy?: readonly DeedKind[]
  vi: Text
  en: Text
}
