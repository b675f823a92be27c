// The demonstration: organisation `demo` with its people and things, and `other`, to see that walls hold.

import { FAQS, RESPONSES } from './inbox.ts'
import { addAutoResponse } from '../inbox/actions/auto-responses.ts'
import { addFaq } from '../inbox/actions/faqs.ts'
import { makeChange, type Change } from '../kit/store/change.ts'
import type { Runtime } from '../kit/process/runtime.ts'
import { addResource } from '../resources/actions.ts'
import type { NewResource } from '../resources/schema.ts'
import { setCalendar } from '../organisations/actions/calendar.ts'
import { addUser, createTenant } from '../users/actions/people.ts'
import type { NewUser } from '../users/schema.ts'

export const DEMO_PASSWORD = 'bellhop-demo'

/** Managers stand before those who report to them. */
const PEOPLE: readonly (Omit<NewUser, 'email' | 'password' | 'managerId'> & {
  name: string
  reportsTo?: string
  about: string
})[] = [
  {
    name: 'admin',
    role: 'ADMIN',
    fullName: 'Đặng Minh Anh',
    locale: 'en',
    about: 'ADMIN: people, policies, the queue board',
  },
  {
    name: 'supervisor',
    role: 'SUPERVISOR',
    fullName: 'Phạm Quốc Bảo',
    about: 'SUPERVISOR: sees the queue board, changes nothing there',
  },
  { name: 'owner', role: 'OWNER', fullName: 'Vũ Thị Hạnh', about: 'OWNER' },
  { name: 'staff', role: 'STAFF', fullName: 'Ngô Văn Phúc', about: 'STAFF: assigns vehicles and drivers' },
  {
    name: 'director',
    role: 'EMPLOYEE',
    positionLevel: 'DIRECTOR',
    fullName: 'Trần Thu Hà',
    about: 'EMPLOYEE, DIRECTOR: the manager reports to her',
  },
  {
    name: 'manager',
    role: 'EMPLOYEE',
    positionLevel: 'MGR',
    fullName: 'Lê Hoàng Nam',
    reportsTo: 'director',
    about: 'EMPLOYEE, MGR: approves',
  },
  {
    name: 'employee',
    role: 'EMPLOYEE',
    userSegment: 'SOMETIMES',
    fullName: 'Nguyễn Thị Mai',
    reportsTo: 'manager',
    about: 'EMPLOYEE, SOMETIMES: needs an approval',
  },
  {
    name: 'sic',
    role: 'EMPLOYEE',
    userSegment: 'DAILY',
    fullName: 'Bùi Đức Long',
    reportsTo: 'manager',
    about: 'EMPLOYEE, DAILY: travels on fixed routes, the manager is told',
  },
  { name: 'driver', role: 'DRIVER', fullName: 'Hồ Văn Tài', about: 'DRIVER' },
  { name: 'customer', role: 'CUSTOMER', fullName: 'Đỗ Khánh Linh', about: 'CUSTOMER' },
]

const RESOURCES: readonly NewResource[] = [
  { kind: 'VEHICLE', name: 'Toyota Innova 51K-123.45', capacity: 7 },
  { kind: 'VEHICLE', name: 'Ford Transit 51B-678.90', capacity: 16 },
  { kind: 'STATION', name: 'Trạm đổi pin Nguyễn Huệ', attributes: { slots: 12 } },
  { kind: 'PROPERTY', name: 'Khách sạn Sông Xanh', attributes: { rooms: 40 } },
]

const OFFICE_HOURS = [
  ...[1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' })),
  { day: 6, from: '10:00', to: '16:00' },
]

export const DEMO_PEOPLE: readonly { email: string; about: string }[] = PEOPLE.map(({ name, about }) => ({
  email: `${name}@demo.test`,
  about,
}))

/** Into an empty database only. @returns whether it did anything */
export async function seedDemonstration(runtime: Runtime): Promise<boolean> {
  const seeded = await makeChange(runtime, { requestId: 'demonstration' }, async (change) => {
    if (await change.db('organisations').first('id')) return false
    await seedDemo(change)
    return true
  })
  // At a later instant: the first organisation operates the installation.
  if (seeded) await makeChange(runtime, { requestId: 'demonstration' }, seedOther)
  return seeded
}

async function seedDemo(change: Change): Promise<void> {
  const [admin, ...others] = PEOPLE.map(({ about: _, reportsTo, name, ...person }) => ({
    name,
    reportsTo,
    ask: { ...person, email: `${name}@demo.test`, password: DEMO_PASSWORD },
  }))
  if (!admin) return
  const founder = await createTenant(
    change,
    { name: 'Bellhop Demo', slug: 'demo', locale: 'vi', timezone: 'Asia/Ho_Chi_Minh' },
    admin.ask,
  )
  const ids = new Map<string, string>()
  for (const { name, reportsTo, ask } of others) {
    const managerId = reportsTo && ids.get(reportsTo)
    const user = await addUser(change, founder, { ...ask, ...(managerId && { managerId }) })
    ids.set(name, user.id)
  }
  for (const resource of RESOURCES) await addResource(change, founder, resource)
  await setCalendar(change, founder, { weekly: OFFICE_HOURS, holidays: [] })
  for (const faq of FAQS) await addFaq(change, founder, faq)
  for (const response of RESPONSES) await addAutoResponse(change, founder, response)
}

async function seedOther(change: Change): Promise<void> {
  const person = {
    password: DEMO_PASSWORD,
    fullName: 'Other Admin',
    email: 'admin@other.test',
    role: 'ADMIN',
  } as const
  const founder = await createTenant(
    change,
    { name: 'The Other', slug: 'other', locale: 'en', timezone: 'Europe/Berlin' },
    person,
  )
  await addUser(change, founder, {
    ...person,
    fullName: 'Other Employee',
    email: 'employee@other.test',
    role: 'EMPLOYEE',
  })
}
