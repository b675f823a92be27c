import { expect } from 'chai'
import { conflict } from '../../shared/kit/declare/errors.ts'
import { outageOf, saysOutage } from '../../shared/kit/store/outage.ts'

const withCode = (code: string, more: object = {}): Error =>
  Object.assign(new Error('it failed'), { code, ...more })

describe('an outage', () => {
  for (const [what, error, outage] of [
    ['a port where nobody listens', withCode('ECONNREFUSED'), 'away'],
    ['a connection that is cut', withCode('ECONNRESET'), 'away'],
    ['a database that shuts down', withCode('57P01', { severity: 'FATAL' }), 'away'],
    [
      'a rollback over a connection that is gone',
      new Error('ROLLBACK - Client has encountered a connection error and is not queryable'),
      'away',
    ],
    [
      'a statement over a connection that is cut',
      new Error('select 1 - Connection terminated unexpectedly'),
      'away',
    ],
    ['a Redis that does not answer', new Error('Command timed out'), 'away'],
    ['a full Redis', new Error("OOM command not allowed when used memory > 'maxmemory'."), 'busy'],
    ['too many connections', withCode('53300', { severity: 'FATAL' }), 'busy'],
    ['a lock that somebody else keeps', withCode('55P03', { severity: 'ERROR' }), 'busy'],
    ['two that change the same', withCode('40001', { severity: 'ERROR' }), 'conflict'],
    ['a wrong value', withCode('22P02', { severity: 'ERROR' }), undefined],
    ['a refusal', conflict('It is too late'), undefined],
    ['a fault of ours', new TypeError('x is undefined'), undefined],
    ['no error', 'ECONNRESET', undefined],
  ] as const) {
    it(`${outage === undefined ? 'is not' : `(${outage}) is`} ${what}`, () =>
      expect(outageOf(error)).to.equal(outage))
  }
})

describe('what is kept of a failure', () => {
  const CASES: readonly (readonly [string, boolean])[] = [
    ['Error ECONNRESET', true],
    ['AggregateError ECONNREFUSED', true],
    ['error 57P01', true],
    ['error 53300', true],
    ['error 57014', true],
    ['KnexTimeoutError', true],
    ['connect ECONNREFUSED 127.0.0.1:5432', true],
    ['delete from "jobs" - Connection terminated unexpectedly', true],
    ['Command timed out', true],
    ['terminating connection due to administrator command', true],
    ['sorry, too many clients already', true],
    ['the database system is starting up', true],
    ['Knex: Timeout acquiring a connection. The pool is probably full.', true],
    ['error 22P02', false],
    ['It is too late for that', false],
    ['TypeError', false],
    ['3 workers ended while they ran it', false],
    ['The delivery was given up; it says why', false],
    ['', false],
  ]
  for (const [kept, isOutage] of CASES)
    it(`says ${isOutage ? '' : 'nothing '}of a server that was away: "${kept}"`, () =>
      expect(saysOutage(kept)).to.equal(isOutage))
})
