// What the organisation is, when it is open, who approves what, and what the desk answers by itself.

import { html, type TemplateResult } from 'lit'
import { pageHead } from '../elements/basic.ts'
import { isStaff, myself } from '../client.ts'
import { tabs } from '../elements/tabs.ts'
import '../organisation-faqs.ts'
import '../organisation-issuers.ts'
import '../organisation-policies.ts'
import '../organisation-profile.ts'
import '../organisation-resources.ts'
import { Page } from '../page.ts'
import { linkTo } from '../router.ts'
import { t } from '../texts/console.ts'
import { issuersText } from '../texts/issuers.ts'
import { organisationText } from '../texts/organisation.ts'
import { resourcesText } from '../texts/resources.ts'

const VIEWS = {
  profile: () => html`<bellhop-organisation-profile></bellhop-organisation-profile>`,
  hours: () => html`<bellhop-organisation-hours></bellhop-organisation-hours>`,
  policies: () => html`<bellhop-organisation-policies></bellhop-organisation-policies>`,
  faqs: () => html`<bellhop-organisation-faqs></bellhop-organisation-faqs>`,
  issuers: () => html`<bellhop-organisation-issuers></bellhop-organisation-issuers>`,
  resources: () => html`<bellhop-organisation-resources></bellhop-organisation-resources>`,
} as const
const NAMES = ['profile', 'resources', 'hours', 'policies', 'faqs', 'issuers'] as const
/** Who may look at it; everybody where nothing stands. */
const MAY: Partial<Record<(typeof NAMES)[number], () => boolean>> = {
  faqs: isStaff,
  issuers: () => myself().role === 'ADMIN',
}
const TABS: Readonly<Record<(typeof NAMES)[number], string>> = {
  ...organisationText.tabs,
  issuers: issuersText.tab,
  resources: resourcesText.tab,
}

class OrganisationPage extends Page {
  override render(): TemplateResult {
    const names = NAMES.filter((each) => MAY[each]?.() ?? true)
    const view = names.find((each) => each === this.address.query.get('view')) ?? 'profile'
    return html`
      ${pageHead(t.sections.organisation)}
      <div class="filters">
        ${tabs(
          t.sections.organisation,
          names.map((each) => [TABS[each], linkTo('organisation', undefined, { view: each }), each === view]),
        )}
      </div>
      ${VIEWS[view]()}
    `
  }
}
customElements.define('bellhop-organisation-page', OrganisationPage)
