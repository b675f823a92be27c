// What the organisation is, when it is open, who approves what, and what the desk answers by itself.

import { html, type TemplateResult } from 'lit'
import { pageHead } from '../elements/basic.ts'
import { isStaff } from '../client.ts'
import { tabs } from '../elements/tabs.ts'
import '../organisation-faqs.ts'
import '../organisation-policies.ts'
import '../organisation-profile.ts'
import { Page } from '../page.ts'
import { linkTo } from '../router.ts'
import { t } from '../texts/console.ts'
import { organisationText } from '../texts/organisation.ts'

const VIEWS = {
  profile: () => html`<bellhop-organisation-profile></bellhop-organisation-profile>`,
  hours: () => html`<bellhop-organisation-hours></bellhop-organisation-hours>`,
  policies: () => html`<bellhop-organisation-policies></bellhop-organisation-policies>`,
  faqs: () => html`<bellhop-organisation-faqs></bellhop-organisation-faqs>`,
} as const
const NAMES = ['profile', 'hours', 'policies', 'faqs'] as const

class OrganisationPage extends Page {
  override render(): TemplateResult {
    const names = NAMES.filter((each) => each !== 'faqs' || isStaff())
    const view = names.find((each) => each === this.address.query.get('view')) ?? 'profile'
    return html`
      ${pageHead(t.sections.organisation)}
      <div class="filters">
        ${tabs(
          t.sections.organisation,
          names.map((each) => [
            organisationText.tabs[each],
            linkTo('organisation', undefined, { view: each }),
            each === view,
          ]),
        )}
      </div>
      ${VIEWS[view]()}
    `
  }
}
customElements.define('bellhop-organisation-page', OrganisationPage)
