// Small pages of ours that need no JavaScript: one card, dark where the reader likes it dark, readable on a phone.

import { fileURLToPath } from 'node:url'
import express from 'express'
import { escapeHtml } from '../../shared/kit/text/html.ts'

export const PLAIN_CSP = `default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

/** Serves the stylesheet, wherever the pages are mounted. */
export const plainStyles = express.static(fileURLToPath(new URL('./plain', import.meta.url)), {
  index: false,
  redirect: false,
})

/** @param styles where `plainStyles` is mounted · @param body HTML, whose texts are escaped already */
export function plainPage(
  { lang, title, styles }: { lang: string; title: string; styles: string },
  body: string,
): string {
  return `<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${styles}/plain.css">
  </head>
  <body>
    <main>
      <p class="brand"><a href="/">Bellhop</a></p>${body}
    </main>
  </body>
</html>
`
}
