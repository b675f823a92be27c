import { expect } from 'chai'
import { AppError, unavailable } from '../../shared/kit/declare/errors.ts'
import { describeError, openLog } from '../../shared/kit/process/log.ts'

const WORDS = 'điều người ta viết'

/** As knex and pg throw it. */
function databaseError(): Error {
  return Object.assign(
    new Error(
      `insert into "messages" ("content") values ($1) - invalid input syntax for type uuid: "${WORDS}"`,
    ),
    {
      severity: 'ERROR',
      code: '22P02',
      detail: `Failing row contains (${WORDS})`,
      where: `unnamed portal parameter $1 = '${WORDS}'`,
      hint: WORDS,
      internalQuery: WORDS,
      table: 'messages',
      constraint: 'messages_once',
    },
  )
}

function parserError(): unknown {
  try {
    return JSON.parse(`{"content": "${WORDS}`)
  } catch (error) {
    return error
  }
}

describe('an error in the log', () => {
  const errors: Record<string, unknown> = {
    'of the database': databaseError(),
    'of a parser': parserError(),
    'that another one caused': unavailable('A server is away', databaseError()),
    'with something beside it': Object.assign(new Error('failed'), {
      job: { payload: WORDS },
      response: WORDS,
      body: WORDS,
    }),
    'that is none': WORDS,
  }
  for (const [what, error] of Object.entries(errors)) {
    it(`${what} says nothing that somebody wrote`, () =>
      expect(JSON.stringify(describeError(error))).to.not.include(WORDS))
  }

  it('says what kind it was, on what, and where', () => {
    expect(describeError(databaseError())).to.include({
      code: '22P02',
      table: 'messages',
      constraint: 'messages_once',
      message: 'insert into "messages" ("content") values ($1)',
    })
    expect(describeError(databaseError()).stack).to.match(/^\s+at .*log\.test/)
    expect(describeError(new AppError(409, 'conflict', 'The room is closed'))).to.include({
      type: 'AppError',
      code: 'conflict',
      status: 409,
      message: 'The room is closed',
    })
  })

  it('is described so wherever it is logged', () => {
    const lines: string[] = []
    const log = openLog('test', 'info', { write: (line) => void lines.push(line) })
    log.error({ err: databaseError(), token: 'geheim' }, 'request failed')
    log.child({ context: 'api' }).warn({ err: unavailable('away', databaseError()) }, 'again')
    expect(lines.map((line) => JSON.parse(line).msg)).to.deep.equal(['request failed', 'again'])
    expect(lines.join('')).to.include('22P02').and.not.include(WORDS).and.not.include('geheim')
  })
})
