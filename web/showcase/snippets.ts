// The lines that embed a widget, as one copies them.

interface Script {
  address: string
  integrity: string
}

const load = ({ address, integrity }: Script): string =>
  `<script type="module" src="${address}"\n  integrity="${integrity}" crossorigin></script>`

const scriptOf = (lines: string): string => `<script type="module">\n${lines}\n</script>`

/** Who is signed in in the page that embeds it: its own server knows, and answers with a token. */
const TOKEN = `  addEventListener('bellhop-token', ({ detail }) =>
    detail.provide(fetch('/bellhop-token').then((answer) => answer.text())))`

export const SNIPPETS: Readonly<Record<string, (script: Script) => string>> = {
  bell: (script) => `${load(script)}
<bellhop-bell></bellhop-bell>
${scriptOf(`${TOKEN}
  addEventListener('bellhop-open', ({ detail }) => console.log(detail.notification))`)}`,
  approvals: (script) => `${load(script)}
<bellhop-approvals as="approver"></bellhop-approvals>
${scriptOf(TOKEN)}`,
  chat: (script) => `${load(script)}
<style>bellhop-chat { --bellhop-accent: #7c3aed; --bellhop-radius: 4px }</style>
<bellhop-chat></bellhop-chat>
${scriptOf(TOKEN)}`,
  customer: (script) => `${load(script)}
<bellhop-customer-chat org="demo"></bellhop-customer-chat>`,
  tickets: (script) => `${load(script)}
<bellhop-tickets locale="vi" theme="light"></bellhop-tickets>
${scriptOf(TOKEN)}`,
}
