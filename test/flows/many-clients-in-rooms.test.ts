import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import type { Message } from '../../shared/chat/schema.ts'
import { someInhabitants, type Inhabitant } from '../support/inhabitants.ts'
import { someProcesses, type Member, type Processes, type Service } from '../support/processes.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'
import { aTalker, lineOf, type Talker } from '../support/talker.ts'
import { until } from '../support/until.ts'

const PEOPLE = 40
/** CLIENTS_EACH=5 is the size for which this was made. */
const CLIENTS_EACH = Number(process.env['CLIENTS_EACH'] ?? 2)
const ROOMS = 20
/** Who is in a room: person p is in p, p + 1, p + 3…, so that each room has ten people and no two rooms the same. */
const STEPS = [0, 1, 3, 7, 12]
/** Of each client at least; they go on for as long as something is killed. */
const MESSAGES = 5
/** Messages of all together. */
const BETWEEN_KILLS = 100
/** Milliseconds between two messages of a client, at most. */
const BREATH = 4000

interface Said {
  roomId: string
  clientMsgId: string
  answers: readonly Message[]
}

describe(`${PEOPLE * CLIENTS_EACH} clients in twenty rooms`, function () {
  this.timeout(300_000)
  let bellhop: Processes
  let talkers: Talker[] = []
  after(async () => {
    for (const { client } of talkers) client.close()
    await bellhop.end()
  })

  it(
    'post at once on bad networks while processes are killed: every accepted message is there once, numbers ' +
      'have no gap, every list is equal',
    async () => {
      const seed = seedOfThisRun()
      const choices = choicesOf(seed)
      console.log(
        `      seed ${seed} (SEED=${seed} makes the same choices; what the machine does between them is its own)`,
      )
      bellhop = await someProcesses()
      await bellhop.start('another')
      const admin = await bellhop.as('admin')
      const people = await someInhabitants(bellhop, admin.user.orgId, PEOPLE)
      // Some are there before their rooms, some come while these are made.
      talkers = people.flatMap((person) => clientsOf(bellhop, person, choices))
      const rooms = await Promise.all(
        Array.from({ length: ROOMS }, (_, at) => aRoom(admin, membersOf(at, people))),
      )
      await until('everybody listens', async () => talkers.every(({ client }) => client.state === 'live'))

      const said = await sayMuch(bellhop, talkers, rooms, people, choices)
      await nothingIsLeft(bellhop)
      // The last word: behind it nothing can come that comes twice or late.
      said.push(
        ...(await Promise.all(
          rooms.map((roomId, at) => sayOnce(speakerIn(at, talkers, people), roomId, `last-${at}`)),
        )),
      )
      const lists = await Promise.all(
        rooms.map(async (roomId, at) =>
          mustHoldAll(
            await readAll(membersOf(at, people), roomId),
            said.filter((each) => each.roomId === roomId),
          ),
        ),
      )
      const expected = ({ person }: Talker): [string, string[]][] =>
        roomsOf(people.indexOf(person)).map((room) => [rooms[room] ?? '', lists[room] ?? []])
      const hasAll = (talker: Talker): boolean =>
        expected(talker).every(([roomId, list]) => (talker.heard.get(roomId) ?? []).length >= list.length)
      // What is missing then, is said below.
      await until('everybody has caught up', async () => talkers.every(hasAll)).catch(() => undefined)
      for (const talker of talkers) {
        expect(talker.refetches, talker.who).to.deep.equal([])
        expect(talker.heard.size, `rooms of ${talker.who}`).to.equal(STEPS.length)
        for (const [roomId, list] of expected(talker))
          expect(talker.heard.get(roomId), `what ${talker.who} heard in ${roomId}`).to.deep.equal(list)
      }
    },
  )
})

function clientsOf({ url, nodes }: Processes, person: Inhabitant, choices: Choices): Talker[] {
  const origins = [nodes.realtime, nodes.another, url]
  return Array.from({ length: CLIENTS_EACH }, (_, at) =>
    aTalker(person, `${person.name}.${at}`, { origins, choices }),
  )
}

function membersOf(room: number, people: readonly Inhabitant[]): Inhabitant[] {
  return people.filter((_, at) => roomsOf(at).includes(room))
}

function speakerIn(room: number, talkers: readonly Talker[], people: readonly Inhabitant[]): Talker {
  const speaker = talkers.find(({ person }) => roomsOf(people.indexOf(person)).includes(room))
  if (!speaker) throw new Error('There is nobody in the room.')
  return speaker
}

function roomsOf(person: number): number[] {
  return STEPS.map((step) => (person + step) % ROOMS)
}

/** Made by somebody who then leaves it to its people. */
async function aRoom(admin: Member, members: readonly Inhabitant[]): Promise<string> {
  const { status, body } = await admin.post('/chat/groups', {
    name: 'Một phòng',
    memberIds: members.map(({ id }) => id),
  })
  expect(status, JSON.stringify(body)).to.equal(201)
  await admin.post(`/chat/groups/${body.id}/leave`)
  return body.id
}

async function sayMuch(
  bellhop: Processes,
  talkers: readonly Talker[],
  rooms: readonly string[],
  people: readonly Inhabitant[],
  choices: Choices,
): Promise<Said[]> {
  const said: Said[] = []
  let isOver = false
  const talking = Promise.all(
    talkers.map(async (talker, at) => {
      const own = roomsOf(people.indexOf(talker.person)).map((room) => rooms[room] ?? '')
      for (let n = 0; n < MESSAGES || !isOver; n++) {
        const [roomId, clientMsgId] = [choices.oneOf(own), `${at}-${n}`]
        said.push(await sayOnce(talker, roomId, clientMsgId))
        await pause(choices.between(0, BREATH))
      }
    }),
  )
  // Told below.
  talking.catch(() => undefined)
  await killEachOnce(bellhop, said).finally(() => {
    isOver = true
  })
  await talking
  const [sends, cuts] = [
    talkers.reduce((sum, { counts }) => sum + counts.sends, 0),
    talkers.reduce((sum, { counts }) => sum + counts.cuts, 0),
  ]
  console.log(`      ${said.length} messages, sent ${sends} times; ${cuts} connections cut by the network`)
  return said
}

async function sayOnce(talker: Talker, roomId: string, clientMsgId: string): Promise<Said> {
  return { roomId, clientMsgId, answers: await talker.say(roomId, clientMsgId) }
}

/** Each while there is talk, and the next one once there was more of it. */
async function killEachOnce(bellhop: Processes, said: readonly Said[]): Promise<void> {
  for (const service of ['api', 'workers', 'realtime', 'another'] as const) {
    const enough = said.length + BETWEEN_KILLS
    await until('there is more talk', async () => said.length >= enough)
    await killOnce(bellhop, service)
    if (service === 'workers') await killAmidTelling(bellhop)
  }
}

async function killOnce(bellhop: Processes, service: Service): Promise<void> {
  await bellhop.kill(service)
  await bellhop.start(service)
}

/** When the workers are at what had waited for them: much is in the log then that they have not yet noted as told. */
async function killAmidTelling(bellhop: Processes): Promise<void> {
  let before = 0
  await until('what waited is being told', async () => {
    const {
      rows: [{ count }],
    } = await bellhop.db.raw('select count(*)::int as count from room_events')
    const isFewer = count < before
    before = count
    return isFewer
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; ${before} wait`)
  })
  await killOnce(bellhop, 'workers')
}

/** What was accepted is there once, as it was answered, and nothing else. @returns what everybody has to hear */
function mustHoldAll(list: readonly Message[], said: readonly Said[]): string[] {
  expect(list.map(({ seq }) => seq)).to.deep.equal(list.map((_, at) => at + 1))
  expect(list.map(({ clientMsgId }) => clientMsgId)).to.have.members(
    said.map(({ clientMsgId }) => clientMsgId),
  )
  const lines = new Map(list.map((message) => [message.clientMsgId, lineOf(message)]))
  for (const { clientMsgId, answers } of said) {
    for (const answer of answers) expect(lineOf(answer)).to.equal(lines.get(clientMsgId))
  }
  return list.map(lineOf)
}

async function readAll([reader]: readonly Inhabitant[], roomId: string): Promise<Message[]> {
  const list: Message[] = []
  for (;;) {
    const reply = await reader?.get(`/chat/rooms/${roomId}/messages?limit=100&after=${list.at(-1)?.seq ?? 0}`)
    expect(reply?.status).to.equal(200)
    if (reply?.body.length === 0) return list
    list.push(...reply?.body)
  }
}

async function nothingIsLeft({ db }: Processes): Promise<void> {
  await until('everything is told', async () => {
    const {
      rows: [row],
    } = await db.raw(
      `select (select count(*) from room_events) + (select count(*) from jobs where due_at is null
          or due_at < now()) + (select count(*) from outbox) as open`,
    )
    return row.open === 0
  })
}
