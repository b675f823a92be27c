// An empty installation in the hands of strangers: nothing but pages and mails, from the first organisation to the first decision.

import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { freePort } from '../../bin/embedded/ports.ts'
import { openAsOwner } from '../../shared/kit/store/db.ts'
import { findFirstRunCode } from '../../shared/users/actions/first-run.ts'
import { needChromium } from '../support/browser.ts'
import { openConsoles, type Consoles } from '../support/console.ts'
import { dropDatabase, emptyDatabase, urlOf } from '../support/database.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import { aWorld, type World } from '../support/world.ts'

const FOUNDER = { email: 'ai@hoa-sen.test', password: 'một mật khẩu' }
const nameOf = (at: number): string => `nv${String(at).padStart(3, '0')}`
const addressOf = (at: number): string => `${nameOf(at)}@hoa-sen.test`

/** Ten report to each: the first to nobody, number 150 to number 15. */
const PEOPLE = Array.from({ length: 200 }, (_, at) =>
  [
    nameOf(at),
    addressOf(at),
    `Nhân Viên ${at}`,
    'EMPLOYEE',
    at === 0 ? '' : nameOf(Math.floor(at / 10)),
    'en',
  ].join(','),
)
const CSV = ['externalId,email,fullName,role,manager,locale', ...PEOPLE].join('\n')

describe('a business goes live', function () {
  this.timeout(300_000)
  let [database, origin] = ['', '']
  let w: World
  let mail: MailPeer
  let consoles: Consoles
  before(function () {
    needChromium(this)
  })
  before(async () => {
    mail = await aMailPeer()
    database = await emptyDatabase()
    const owner = openAsOwner(urlOf(database))
    await owner.migrate.latest()
    await owner.destroy()
    const port = await freePort()
    origin = `http://127.0.0.1:${port}`
    w = await aWorld({
      env: {
        NODE_ENV: 'production',
        PORT: String(port),
        PUBLIC_URL: origin,
        SMTP_URL: mail.url,
        MAIL_FROM: 'no-reply@hoa-sen.test',
      },
      detour: async () => urlOf(database),
    })
    consoles = openConsoles(w)
  })
  after(async () => {
    await consoles?.close()
    await w?.end()
    await mail?.close()
    if (database) await dropDatabase(database)
  })

  async function signIn(page: Page, { email, password }: typeof FOUNDER): Promise<void> {
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail or phone').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  function linkFor(address: string, page: 'account' | 'decisions'): string {
    const letters = mail.mails.filter(({ to }) => to.includes(address)).map(({ text }) => text)
    const link = letters.map((text) => text.split(origin).find((part) => part.startsWith(`/${page}?link=`)))
    return /^\S+/.exec(link.findLast(Boolean) ?? '')?.[0] ?? `/no-link-to-${page}`
  }

  it('by pages and mails alone: an organisation, two hundred people, a request and its approval', async () => {
    const founder = await consoles.open('nobody', '/')
    await founder.getByLabel('Code').fill((await findFirstRunCode(w.runtime)) ?? '')
    await founder.getByLabel('Name of the organisation').fill('Khách sạn Hoa Sen')
    await founder.getByLabel('Short name').fill('hoa-sen')
    await founder.getByLabel('Your name').fill('Nguyễn Ái')
    await founder.getByLabel('Your e-mail address').fill(FOUNDER.email)
    await founder.getByLabel('Password').fill(FOUNDER.password)
    await founder.getByRole('button', { name: 'Make the organisation' }).click()
    await signIn(founder, FOUNDER)

    await founder.getByRole('link', { name: 'People' }).first().click()
    await founder.getByRole('button', { name: 'Import' }).click()
    const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) }
    await founder.setInputFiles('#people-file', file)
    await founder.getByRole('dialog').getByRole('checkbox').check()
    await founder.getByRole('button', { name: 'Look at it first' }).click()
    await founder.getByText('200 new, 0 changed, 0 as they are.').waitFor()
    await founder.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
    await founder.getByRole('dialog').waitFor({ state: 'detached' })
    await w.settle()

    const employee = await consoles.open('nobody', linkFor(addressOf(150), 'account'), { theme: 'dark' })
    await employee.getByLabel('Password').fill('mật khẩu của tôi')
    await employee.getByRole('button', { name: 'Save the password' }).click()
    await signIn(employee, { email: addressOf(150), password: 'mật khẩu của tôi' })
    await employee.getByRole('link', { name: 'Ask for a booking' }).first().click()
    await employee.getByLabel('Purpose').fill('Đón khách ở sân bay')
    await employee.getByLabel('Day').fill('2031-03-12')
    await employee.getByLabel('Time').fill('08:30')
    await employee.getByRole('button', { name: 'Ask for it' }).click()
    await employee.getByText('Awaiting approval').waitFor()
    await w.settle()

    // The manager has never been here before.
    const manager = await consoles.open('nobody', linkFor(addressOf(15), 'decisions'), { size: 'phone' })
    await manager.getByText('Đón khách ở sân bay').first().waitFor()
    await manager.getByRole('button', { name: 'Approve' }).click()
    await manager.getByText('The request was approved.').waitFor()
    await employee.getByText('To be assigned').waitFor()
    expect(consoles.troubles).to.deep.equal([])
  })
})
