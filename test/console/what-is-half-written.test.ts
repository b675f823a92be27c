import { expect } from 'chai'
import { enterAs, withConsoles, writeMessage, type Consoles } from '../support/console.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

/** How many chosen files the device keeps. */
const KEPT = `(async () => {
  const known = await indexedDB.databases()
  if (!known.some(({ name }) => name === 'bellhop.chosen')) return 0
  return new Promise((answer) => {
    indexedDB.open('bellhop.chosen').onsuccess = ({ target: { result: database } }) => {
      database.transaction('files').objectStore('files').count().onsuccess = ({ target }) => {
        database.close()
        answer(target.result)
      }
    }
  })
})()`

describe('what is written in the console, and does not stand yet', function () {
  let w: World
  let consoles: Consoles
  withConsoles((opened) => ({ w, consoles } = opened))

  it('a message that was written without a network arrives once when it is back', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    const reader = await consoles.open('manager', `/chat/${room.id}`)
    await page.getByRole('log').getByText('Nothing was said yet').waitFor()
    await reader.getByRole('log').getByText('Nothing was said yet').waitFor()
    await page.context().setOffline(true)
    await writeMessage(page, 'Viết khi mất mạng')
    await page.getByText('Sending…').waitFor()
    await page.context().setOffline(false)
    await reader.getByRole('log').getByText('Viết khi mất mạng').waitFor()
    await page.getByText('Sending…').waitFor({ state: 'detached' })
    expect(await page.getByRole('log').getByText('Viết khi mất mạng').count()).to.equal(1)
    expect((await manager.get(`/chat/rooms/${room.id}/messages`)).body).to.have.length(1)
    await Promise.all([page.close(), reader.close()])
    // A browser itself notes that it asked for something without a network.
    consoles.troubles.splice(0)
  })

  it('a file that was sent without a network is there after a reload, and arrives once', async () => {
    const [employee, driver] = [await w.as('employee'), await w.as('driver')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: driver.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    await page.getByRole('log').getByText('Nothing was said yet').waitFor()
    await page.context().setOffline(true)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'bien-ban.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
    await page.getByRole('button', { name: 'Take bien-ban.csv away' }).waitFor()
    await writeMessage(page, 'Biên bản đây')
    await page.getByRole('log').getByText('bien-ban.csv').waitFor()
    await page.getByText('Sending…').waitFor()
    // The page comes again, the API does not yet.
    const api = (url: URL): boolean => url.pathname.startsWith('/api/v1/')
    await page.route(api, (route) => route.abort())
    await page.context().setOffline(false)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.getByRole('alert').waitFor()
    expect((await driver.get(`/chat/rooms/${room.id}/messages`)).body).to.deep.equal([])
    await page.unroute(api)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'bien-ban.csv' }).waitFor()
    await page.getByText('Sending…').waitFor({ state: 'detached' })
    const { body: said } = await driver.get(`/chat/rooms/${room.id}/messages`)
    expect(said.map(({ content }: { content: string }) => content)).to.deep.equal(['Biên bản đây'])
    expect(said[0].attachments.map(({ name }: { name: string }) => name)).to.deep.equal(['bien-ban.csv'])
    await page.close()
    // A browser itself notes that it asked for something without a network.
    consoles.troubles.splice(0)
  })

  it('files that were chosen are there after a reload, but those that were taken away, and gone once they are sent', async () => {
    const [employee, owner] = [await w.as('employee'), await w.as('owner')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: owner.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    const chosen = page.getByRole('button', { name: /^Take .* away$/ })
    await page.locator('input[type=file]').setInputFiles(
      ['hoa-don.csv', 'nham.csv'].map((name) => ({
        name,
        mimeType: 'text/csv',
        buffer: Buffer.from(name),
      })),
    )
    await page.getByRole('button', { name: 'Take nham.csv away' }).click()
    await chosen.waitFor()
    await until('it is kept', async () => (await page.evaluate(KEPT)) === 1)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await chosen.waitFor()
    expect(await chosen.getAttribute('aria-label')).to.equal('Take hoa-don.csv away')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('log').getByRole('button', { name: 'hoa-don.csv' }).waitFor()
    await chosen.waitFor({ state: 'detached' })
    await until('it is kept no longer', async () => (await page.evaluate(KEPT)) === 0)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.getByRole('log').getByRole('button', { name: 'hoa-don.csv' }).waitFor()
    expect(await chosen.count()).to.equal(0)
    const { body: said } = await owner.get(`/chat/rooms/${room.id}/messages`)
    expect(
      said[0].attachments.map(({ name, size }: { name: string; size: number }) => [name, size]),
    ).to.deep.equal([['hoa-don.csv', 'hoa-don.csv'.length]])
    expect(consoles.troubles).to.deep.equal([])
    await page.close()
  })

  it('says which chosen files the device lost', async () => {
    const [employee, owner] = [await w.as('employee'), await w.as('owner')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: owner.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'mat.csv', mimeType: 'text/csv', buffer: Buffer.from('a') })
    await until('it is kept', async () => (await page.evaluate(KEPT)) === 1)
    await page.evaluate(
      "new Promise((gone) => (indexedDB.deleteDatabase('bellhop.chosen').onsuccess = () => gone()))",
    )
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.getByText('This device no longer has what you had chosen: mat.csv.').waitFor()
    expect(await page.getByRole('button', { name: /^Take .* away$/ }).count()).to.equal(0)
    await page.close()
  })

  it('what is half written stays with whoever wrote it, where others use the desk, and takes ten files', async () => {
    const [employee, staff] = [await w.as('employee'), await w.as('staff')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: staff.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    const write = page.getByRole('textbox', { name: 'Write a message' })
    const choose = (...names: string[]): Promise<void> =>
      page
        .locator('input[type=file]')
        .setInputFiles(names.map((name) => ({ name, mimeType: 'text/csv', buffer: Buffer.from('a,b\n') })))
    const chosen = page.getByRole('button', { name: /^Take .* away$/ })
    await write.fill('Của Mai')
    await choose(...Array.from({ length: 11 }, (_, at) => `${at}.csv`))
    await page.getByText('At most 10 files.').waitFor()
    expect(await chosen.count()).to.equal(0)
    await choose('cua-mai.csv')
    await chosen.waitFor()
    for (const [name, written, files] of [
      ['staff', '', 0],
      ['employee', 'Của Mai', 1],
    ] as const) {
      await page.getByRole('button', { name: /^Account/ }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await enterAs(page, name)
      await write.waitFor()
      expect([await write.inputValue(), await chosen.count()], name).to.deep.equal([written, files])
    }
    await page.close()
    // A browser itself notes that it was refused.
    consoles.troubles.splice(0)
  })

  it('a form that is half filled in stays with whoever filled it in', async () => {
    const page = await consoles.open('sic', '/tickets')
    const description = page.getByRole('dialog').getByLabel('Description')
    for (const [name, written] of [
      ['sic', ''],
      ['customer', ''],
      ['sic', 'Đèn pha không sáng'],
    ] as const) {
      await page.getByRole('button', { name: 'Open a ticket' }).first().click()
      expect(await description.inputValue(), name).to.equal(written)
      if (written) break
      await description.fill(name === 'sic' ? 'Đèn pha không sáng' : 'Của khách')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /^Account/ }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await enterAs(page, name === 'sic' ? 'customer' : 'sic')
    }
    await page.close()
    // A browser itself notes that it was refused.
    consoles.troubles.splice(0)
  })
})
