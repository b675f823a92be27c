// Links beside each other, of which one is where one is: filters that stand in the address, and stay on reload.

import { html, nothing, type TemplateResult } from 'lit'

export const tabs = (
  name: string,
  all: readonly (readonly [text: string, href: string, isCurrent: boolean])[],
): TemplateResult => html`
  <nav class="tabs" aria-label=${name}>
    ${all.map(([text, href, isCurrent]) => html`<a href=${href} aria-current=${isCurrent ? 'true' : nothing}>${text}</a>`)}
  </nav>
`
