// A page for each code that a problem carries: its `type` leads here.

import { Router } from 'express'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { escapeHtml } from '../../shared/kit/text/html.ts'
import { PROBLEM_CODES, PROBLEMS_PATH } from '../../shared/kit/declare/problem-codes.ts'
import { showPlain } from './link-pages.ts'
import { refuseOtherMethods } from '../http/methods.ts'
import { plainPage, plainStyles } from './plain-page.ts'

const texts = new Map<string, string>(Object.entries(PROBLEM_CODES))

export function problemPages(): Router {
  const router = Router({ caseSensitive: true })
  router.use('/pages', plainStyles)
  router.get('/', (_req, res) =>
    showPlain(res, 200, page('Problems', [...texts.keys()].map(linkTo).join(''))),
  )
  router.get('/:code', (req, res) => {
    const about = texts.get(req.params.code)
    if (about === undefined) throw notFound('Code')
    showPlain(
      res,
      200,
      page(req.params.code, `<p>${escapeHtml(about)}</p><p><a href="${PROBLEMS_PATH}">All codes</a></p>`),
    )
  })
  return router.use(
    refuseOtherMethods([
      { method: 'get', path: '/' },
      { method: 'get', path: '/:code' },
    ]),
  )
}

const linkTo = (code: string): string => `<p><a href="${PROBLEMS_PATH}/${code}">${code}</a></p>`
const page = (title: string, body: string): string =>
  plainPage(
    { lang: 'en', title, styles: `${PROBLEMS_PATH}/pages` },
    `<section><h1>${escapeHtml(title)}</h1>${body}</section>`,
  )
