// The end of mails of a kind, by the link in one of them. A mail program POSTs to it (RFC 8058), a person presses a button;
// opening it changes nothing, for scanners open every link.

import express, { Router, type Response } from 'express'
import { makeChange, readingOf } from '../../shared/kit/store/change.ts'
import { escapeHtml } from '../../shared/kit/text/html.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { readUnsubscribe, unsubscribeByLink } from '../../shared/notifications/actions/unsubscribe.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { countRequests, orUnknownPage, showPlain } from './link-pages.ts'
import { plainPage, plainStyles } from './plain-page.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { originOf } from '../http/origin.ts'

export const UNSUBSCRIBE_PATH = '/unsubscribe'

const WORDS = {
  title: { vi: 'Ngừng nhận thư loại này?', en: 'No more mails of this kind?' },
  explanation: { vi: 'Thông báo vẫn hiện trong ứng dụng.', en: 'You still find all of it in the app.' },
  button: { vi: 'Ngừng nhận', en: 'No more of them' },
  done: { vi: 'Bạn sẽ không nhận thư loại này nữa.', en: 'You get no more mails of this kind.' },
} as const satisfies Record<string, Record<Locale, string>>

export function unsubscribeRouter(runtime: Runtime, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  router.use('/pages', plainStyles)
  router.use(countRequests(limits))
  router.get('/', (req, res) =>
    orUnknownPage(runtime, res, async () => {
      const { kind, link } = linkOf(req.query)
      const {
        reader: { locale },
      } = await readUnsubscribe(readingOf(runtime), kind, link)
      const action = `${UNSUBSCRIBE_PATH}?${new URLSearchParams({ kind, link })}`
      show(
        res,
        locale,
        'title',
        `<form method="post" action="${escapeHtml(action)}"><h1>${WORDS.title[locale]}</h1>
        <p>${WORDS.explanation[locale]}</p><button>${WORDS.button[locale]}</button></form>`,
      )
    }),
  )
  router.post('/', express.urlencoded({ extended: false, limit: '4kb' }), (req, res) =>
    orUnknownPage(runtime, res, async () => {
      const { kind, link } = linkOf(req.query)
      const { locale } = await makeChange(runtime, originOf(req), (change) =>
        unsubscribeByLink(change, kind, link),
      )
      show(
        res,
        locale,
        'done',
        `<section><h1>${WORDS.done[locale]}</h1><p>${WORDS.explanation[locale]}</p></section>`,
      )
    }),
  )
  return router
}

function linkOf(query: Record<string, unknown>): { kind: string; link: string } {
  return { kind: String(query['kind'] ?? ''), link: String(query['link'] ?? '') }
}

function show(res: Response, locale: Locale, title: keyof typeof WORDS, body: string): void {
  showPlain(
    res,
    200,
    plainPage({ lang: locale, title: WORDS[title][locale], styles: `${UNSUBSCRIBE_PATH}/pages` }, body),
  )
}
