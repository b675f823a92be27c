import { expect } from 'chai'
import { conflict } from '../../shared/kit/errors.ts'
import { outageOf } from '../../shared/kit/outage.ts'

const withCode = (code: string, more: object = {}): Error => Object.assign(new Error('it failed'), { code, ...more })

describe('an outage', () => {
  for (const [what, error, outage] of [
    ['a port where nobody listens', withCode('ECONNREFUSED'), 'away'],
    ['a connection that is cut', withCode('ECONNRESET'), 'away'],
    ['a database that shuts down', withCode('57P01', { severity: 'FATAL' }), 'away'],
    ['a rollback over a connection that is gone', new Error('ROLLBACK - Client has encountered a connection error and is not queryable'), 'away'],
    ['a statement over a connection that is cut', new Error('select 1 - Connection terminated unexpectedly'), 'away'],
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
    it(`${outage === undefined ? 'is not' : `(${outage}) is`} ${what}`, () => expect(outageOf(error)).to.equal(outage))
  }
})
