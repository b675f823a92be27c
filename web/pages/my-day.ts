// What concerns one today: what waits for one's decision, what one asked for, what one drives.

import { html, type TemplateResult } from 'lit'
import { myself } from '../client.ts'
import { pageHead } from '../elements/basic.ts'
import { Page } from '../page.ts'
import { t } from '../texts/texts.ts'

class MyDay extends Page {
  override render(): TemplateResult {
    return html`${pageHead(t.myDay.greeting(myself().fullName))}`
  }
}
customElements.define('bellhop-my-day', MyDay)
