// The page of the console, and its frame, which that of the widgets shares. What it shows is made in the browser, of the public API alone.

export const CONSOLE_PATH = '/console'

/** A bell on a desk. It stands in the page, so that it is no further request. */
const ICON = encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/>` +
    `<path d="M7 22h18M9 20a7 7 0 0 1 14 0zM16 13v-3m-2 0h4" stroke="#fff" stroke-width="2.2" fill="none" ` +
    `stroke-linecap="round" stroke-linejoin="round"/></svg>`,
)

/** Names of files. */
export interface Assets {
  script: string
  preloads: readonly string[]
  styles: string
}

export const consolePage = (assets: Assets): string =>
  pageOf(assets, 'Bellhop', '<bellhop-console></bellhop-console>')

/** @param body HTML of ours */
export function pageOf(assets: Assets, title: string, body: string): string {
  const at = (name: string): string => `${CONSOLE_PATH}/${name}`
  const preloads = assets.preloads.map((name) => `    <link rel="modulepreload" href="${at(name)}">\n`)
  return `<!doctype html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="data:image/svg+xml,${ICON}">
    <link rel="stylesheet" href="${at(assets.styles)}">
${preloads.join('')}    <script type="module" src="${at(assets.script)}"></script>
  </head>
  <body>
    ${body}
    <noscript>Bellhop needs JavaScript. · Bellhop cần JavaScript.</noscript>
  </body>
</html>
`
}
