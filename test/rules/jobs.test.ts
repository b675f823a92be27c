import { expect } from 'chai'
import { declaredJobs, declareJob, jobNamed, QUEUES } from '../../shared/kit/declare/job.ts'
import { shape } from '../../shared/kit/declare/schema.ts'
import { handleJob } from '../../workers/handlers/handler.ts'
import { handlersByName, HANDLERS } from '../../workers/handlers/all.ts'

const KNOWN = declaredJobs().filter(({ name }) => HANDLERS.some((handler) => handler.job.name === name))

describe('the register of jobs', () => {
  it('gives every job exactly one handler', () => {
    expect([...handlersByName().keys()].toSorted()).to.deep.equal(
      declaredJobs()
        .map(({ name }) => name)
        .toSorted(),
    )
  })

  it('does not start when a job has no handler, and names each of them', () => {
    const [first, second] = KNOWN
    const rest = HANDLERS.filter(
      (handler) => handler.job.name !== first?.name && handler.job.name !== second?.name,
    )
    expect(() => handlersByName(rest, KNOWN)).to.throw(
      `The job ${first?.name} has no handler. The job ${second?.name} has no handler.`,
    )
  })

  it('does not start when a job has two handlers, and names it', () => {
    const [twice] = HANDLERS
    expect(() => handlersByName([...HANDLERS, ...HANDLERS.slice(0, 1)], KNOWN)).to.throw(
      `The job ${twice?.job.name} has 2 handlers.`,
    )
  })

  it('keeps every job in a queue that exists', () => {
    for (const { name, queue } of declaredJobs()) {
      expect(QUEUES).to.include(queue)
      expect(name.startsWith(`${queue}.`)).to.equal(true)
    }
  })

  it('knows a job by the name that a row remembers, and says so when there is none', () => {
    expect(jobNamed('bookings.applyDecision').name).to.equal('bookings.applyDecision')
    expect(() => jobNamed('bookings.forgotten')).to.throw('No job is called bookings.forgotten.')
  })

  it('refuses to declare a job twice', () => {
    expect(() => declareJob('approvals.expire', shape({}))).to.throw(
      'The job approvals.expire is declared twice.',
    )
  })

  it('hands a handler only what the job declares', async () => {
    const seen: unknown[] = []
    const handler = handleJob(
      jobNamed('approvals.expire'),
      async (_change, payload) => void seen.push(payload),
    )
    const run = handler.run([{ change: JSON.parse('{}'), payload: { approvalId: 'not an id' } }])
    expect(await run.catch(String)).to.include('job approvals.expire/approvalId')
    expect(seen).to.deep.equal([])
  })
})
